"""Set a practitioner's hours as one document that two people may edit; `exceptions` are what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Denied, Invalid, NotFound, PreconditionFailed
from clinic.ids import PractitionerId, new_id
from clinic.scheduling.models import AvailabilityRule, AvailabilitySet, Schedule, Site
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries import exceptions
from clinic.scheduling.queries.hours import Hours, document
from clinic.scheduling.rules.availability import HoursSet, WeeklyRule
from clinic.scheduling.rules.hours import complaints
from clinic.scheduling.services import guarded


@dataclass(frozen=True, slots=True)
class Change:
    """What the hours become; `sets` of None leaves the sets as they are."""

    rules: Sequence[WeeklyRule]
    sets: Sequence[HoursSet] | None = None


def hours_of(session: Session, practitioner: PractitionerId) -> Hours:
    """Return the hours in order; raises NotFound for somebody without a schedule."""
    if session.get(Schedule, practitioner) is None:
        raise NotFound
    return document(session, practitioner)


def etag_of(session: Session, practitioner: PractitionerId) -> str:
    """Return the version of all that says when somebody is open; equal hours have equal versions."""
    found = hours_of(session, practitioner)
    lines = [*_lines("usual", found.rules)]
    for one in found.sets:
        lines.append(f"set|{one.kind}|{one.days.first}|{one.days.last}")
        lines.extend(_lines("set", one.rules))
    lines.extend(exceptions.versions(session, practitioner))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def set_hours(
    session: Session, *, actor: Actor, clock: Clock, practitioner: PractitionerId, change: Change, etag: str
) -> Hours:
    """Replace the weekly hours; visits that are already booked stay.

    Raises PreconditionFailed("hours_changed") unless `etag` is the present version, and Invalid for a rule
    that cannot be meant.
    """
    may_edit(actor, practitioner)
    if errors := complaints(change.rules, change.sets or (), sites=_sites(session, practitioner)):
        raise Invalid("invalid", errors=errors)
    guarded.lock_schedules(session, [practitioner])
    if etag != etag_of(session, practitioner):
        raise PreconditionFailed("hours_changed")
    _replace(session, practitioner, change)
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="availability.edit",
        object_type="schedule",
        object_id=practitioner,
    )
    return hours_of(session, practitioner)


def may_edit(actor: Actor, practitioner: PractitionerId) -> None:
    """Raise Denied, or NotFound for a stranger, unless the actor sets these hours."""
    if not POLICIES[Permission.AVAILABILITY_EDIT](actor, {"practitioner_id": practitioner}):
        raise Denied("not_permitted") if actor.is_staff else NotFound()


def _sites(session: Session, practitioner: PractitionerId) -> set[UUID]:
    """Return the sites that are in use, and those of the hours as they are: of one put away they are over."""
    named = select(AvailabilityRule.site_id).where(AvailabilityRule.practitioner_id == practitioner)
    chosen = select(Site.id).where(or_(Site.active, Site.id.in_(named)))
    return set(session.scalars(chosen))


def _replace(session: Session, practitioner: PractitionerId, change: Change) -> None:
    gone = delete(AvailabilityRule).where(AvailabilityRule.practitioner_id == practitioner)
    if change.sets is None:
        session.execute(gone.where(AvailabilityRule.set_id.is_(None)))
    else:
        session.execute(gone)
        session.execute(delete(AvailabilitySet).where(AvailabilitySet.practitioner_id == practitioner))
    session.add_all(_row(practitioner, rule, None) for rule in change.rules)
    for one in change.sets or ():
        number = new_id()
        session.add(
            AvailabilitySet(
                id=number,
                practitioner_id=practitioner,
                kind=one.kind,
                first_day=one.days.first,
                last_day=one.days.last,
            )
        )
        session.flush()
        session.add_all(_row(practitioner, rule, number) for rule in one.rules)
    session.flush()


def _lines(where: str, rules: Iterable[WeeklyRule]) -> Iterator[str]:
    for rule in sorted(rules, key=_place):
        yield "|".join((where, *_place(rule)))


def _place(rule: WeeklyRule) -> tuple[str, ...]:
    return (
        str(rule.weekday),
        str(rule.start),
        str(rule.end),
        str(rule.valid_from),
        str(rule.valid_to or ""),
        rule.tz,
        ",".join(sorted(rule.modalities)),
        str(rule.overnight),
        str(rule.site or ""),
    )


def _row(practitioner: PractitionerId, rule: WeeklyRule, set_id: UUID | None) -> AvailabilityRule:
    return AvailabilityRule(
        id=new_id(),
        practitioner_id=practitioner,
        set_id=set_id,
        site_id=rule.site,
        weekday=rule.weekday,
        starts=rule.start,
        ends=rule.end,
        overnight=rule.overnight,
        tz=rule.tz,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        modalities=rule.modalities,
    )
