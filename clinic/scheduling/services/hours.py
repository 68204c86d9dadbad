"""Set a practitioner's hours as one document that two people may edit; `exceptions` are what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.groups import Group
from clinic.scheduling.queries.hours import Hours, document
from clinic.scheduling.rules.availability import HoursSet, WeeklyRule
from clinic.scheduling.rules.hours import complaints
from clinic.scheduling.services import guarded, outside_hours
from clinic.scheduling.services.outside_hours import Turn
from clinic.scheduling.services.reading import Reader


@dataclass(frozen=True, slots=True)
class Change:
    """What the hours become; `sets` of None leaves the sets as they are."""

    rules: Sequence[WeeklyRule]
    sets: Sequence[HoursSet] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """The hours as they become, and what is booked that they leave outside."""

    hours: Hours
    visits: Sequence[Visit]
    groups: Sequence[Group]


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


def preview(
    session: Session, reader: Reader, practitioner: PractitionerId, change: Change, etag: str
) -> Effect:
    """Return what `change_hours` would do, without doing it; raises as it does."""
    turn = _turn(session, reader.actor, reader.clock, practitioner, change, etag)
    visits, groups = outside_hours.booked(session, reader, turn)
    if visits:
        _record(session, reader.actor, reader.clock, practitioner, "appointment.list")
    return Effect(turn.after, visits, groups)


def change_hours(
    session: Session, reader: Reader, practitioner: PractitionerId, change: Change, etag: str
) -> Effect:
    """Replace the hours as `set_hours` does, and return what is booked outside the new ones."""
    guarded.lock_schedules(session, [practitioner])
    seen = preview(session, reader, practitioner, change, etag)
    written = set_hours(
        session,
        actor=reader.actor,
        clock=reader.clock,
        practitioner=practitioner,
        change=change,
        etag=etag,
    )
    return replace(seen, hours=written)


def set_hours(
    session: Session, *, actor: Actor, clock: Clock, practitioner: PractitionerId, change: Change, etag: str
) -> Hours:
    """Replace the weekly hours; what is booked outside the new ones stays, and holds there end.

    Raises PreconditionFailed("hours_changed") unless `etag` is the present version, and Invalid for a rule
    that cannot be meant.
    """
    guarded.lock_schedules(session, [practitioner])
    turn = _turn(session, actor, clock, practitioner, change, etag)
    _replace(session, practitioner, change)
    outside_hours.end_holds(session, turn)
    _record(session, actor, clock, practitioner, "availability.edit")
    return hours_of(session, practitioner)


def _turn(
    session: Session, actor: Actor, clock: Clock, practitioner: PractitionerId, change: Change, etag: str
) -> Turn:
    """Return how the hours turn; raises as `set_hours` does."""
    may_edit(actor, practitioner)
    if errors := complaints(change.rules, change.sets or (), sites=_sites(session, practitioner)):
        raise Invalid("invalid", errors=errors)
    if etag != etag_of(session, practitioner):
        raise PreconditionFailed("hours_changed")
    before = hours_of(session, practitioner)
    after = Hours(change.rules, before.sets if change.sets is None else change.sets)
    schedule = session.get_one(Schedule, practitioner)
    return outside_hours.turn(session, schedule, before, after, now=clock.now())


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


def _record(session: Session, actor: Actor, clock: Clock, practitioner: PractitionerId, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        object_type="schedule",
        object_id=practitioner,
    )


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
