"""Set a practitioner's weekly hours as one document that two people may edit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Denied, Invalid, NotFound, PreconditionFailed
from clinic.ids import PractitionerId, new_id
from clinic.scheduling.models import AvailabilityRule, Schedule
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries.schedules import weekly_rules
from clinic.scheduling.rules.availability import WeeklyRule
from clinic.scheduling.rules.zones import zone
from clinic.scheduling.services import guarded

MOST_RULES = 100


def hours_of(session: Session, practitioner: PractitionerId) -> list[WeeklyRule]:
    """Return the weekly hours in order; raises NotFound for somebody without a schedule."""
    if session.get(Schedule, practitioner) is None:
        raise NotFound
    return sorted(weekly_rules(session, [practitioner]).get(practitioner, ()), key=_place)


def etag_of(rules: Sequence[WeeklyRule]) -> str:
    """Return the version of a document of hours; equal hours have equal versions."""
    text = "\n".join("|".join(map(str, _place(rule))) for rule in sorted(rules, key=_place))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def set_hours(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    practitioner: PractitionerId,
    rules: Sequence[WeeklyRule],
    etag: str,
) -> list[WeeklyRule]:
    """Replace the weekly hours; visits that are already booked stay.

    Raises PreconditionFailed("hours_changed") unless `etag` is the present version, and Invalid for a rule
    that cannot be meant.
    """
    if not POLICIES[Permission.AVAILABILITY_EDIT](actor, {"practitioner_id": practitioner}):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    check_rules(rules)
    guarded.lock_schedules(session, [practitioner])
    if etag != etag_of(hours_of(session, practitioner)):
        raise PreconditionFailed("hours_changed")
    session.execute(delete(AvailabilityRule).where(AvailabilityRule.practitioner_id == practitioner))
    session.add_all(_row(practitioner, rule) for rule in rules)
    session.flush()
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="availability.edit",
        object_type="schedule",
        object_id=practitioner,
    )
    return hours_of(session, practitioner)


def check_rules(rules: Sequence[WeeklyRule]) -> None:
    """Raise Invalid naming every field of every rule that cannot be meant."""
    errors: dict[str, list[str]] = {}
    for number, rule in enumerate(rules):
        for field, complaint in _complaints(rule):
            errors[f"rules.{number}.{field}"] = [complaint]
    if errors:
        raise Invalid("invalid", errors=errors)


def _complaints(rule: WeeklyRule) -> list[tuple[str, str]]:
    found = []
    if rule.end <= rule.start:
        found.append(("end", "The end comes after the start."))
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        found.append(("valid_to", "The last day is not before the first."))
    if not rule.modalities:
        found.append(("modality", "At least one is needed."))
    try:
        zone(rule.tz)
    except Invalid:
        found.append(("tz", "This is not the name of a time zone."))
    return found


def _place(rule: WeeklyRule) -> tuple[int, time, time, date, date, str, str]:
    return (
        rule.weekday,
        rule.start,
        rule.end,
        rule.valid_from,
        rule.valid_to or date.max,
        rule.tz,
        ",".join(sorted(rule.modalities)),
    )


def _row(practitioner: PractitionerId, rule: WeeklyRule) -> AvailabilityRule:
    return AvailabilityRule(
        id=new_id(),
        practitioner_id=practitioner,
        weekday=rule.weekday,
        starts=rule.start,
        ends=rule.end,
        tz=rule.tz,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        modalities=rule.modalities,
    )
