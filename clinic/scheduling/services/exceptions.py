"""Open once, close for a stretch, go on leave: what is booked then is listed, never called off in silence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.errors import Invalid, NotFound
from clinic.ids import PractitionerId, SiteId
from clinic.scheduling.models import Schedule, ScheduleException, Site
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries import clashes, exceptions, on_call
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.exceptions import REASON, Stretch
from clinic.scheduling.queries.groups import Group
from clinic.scheduling.queries.on_call import SeenDuty
from clinic.scheduling.queries.practitioners import is_bookable
from clinic.scheduling.rules.availability import Modality, WallStretch
from clinic.scheduling.rules.exceptions import ExceptionKind, complaint
from clinic.scheduling.services import guarded
from clinic.scheduling.services.hours import may_edit
from clinic.scheduling.services.reading import Reader, taken_in


@dataclass(frozen=True, slots=True)
class NewStretch:
    """A stretch to enter: wall times, on the clocks of `tz` or else of the practitioner's site."""

    kind: ExceptionKind
    starts: datetime
    ends: datetime
    tz: str | None = None
    site: SiteId | None = None
    modalities: frozenset[Modality] = frozenset(Modality)
    reason: str | None = None
    cover: PractitionerId | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A stretch, what is booked in it, and for leave when they would be on call."""

    stretch: Stretch
    visits: Sequence[Visit]
    groups: Sequence[Group]
    duties: Sequence[SeenDuty] = ()


def preview(session: Session, reader: Reader, practitioner: PractitionerId, new: NewStretch) -> Effect:
    """Return what `add` would do, without doing it; raises as it does."""
    row = _row(session, reader, practitioner, new, UUID(int=0))
    found = _effect(session, reader, row)
    return replace(found, stretch=replace(found.stretch, id=None))


def add(
    session: Session, reader: Reader, practitioner: PractitionerId, new: NewStretch, number: UUID
) -> Effect:
    """Enter a stretch under the id `number`; visits in it stay, holds in it end.

    Raises Denied or NotFound where the hours are not the actor's to set, and Invalid by field. Of two who
    go on leave at once and would cover for each other, the second is told.
    """
    guarded.lock_schedules(session, {practitioner} if new.cover is None else {practitioner, new.cover})
    row = _row(session, reader, practitioner, new, number)
    if new.reason:
        row.reason_sealed = reader.fields.seal(number, REASON, new.reason)
    session.add(row)
    session.flush()
    if row.kind is not ExceptionKind.OPEN:
        guarded.end_holds(session, practitioner=practitioner, busy=row.stretch.interval)
    _record(session, reader, row, f"{row.kind}.add")
    return _effect(session, reader, row)


def effect_of(session: Session, reader: Reader, practitioner: PractitionerId, number: UUID) -> Effect:
    """Return a stretch that was entered before, with the visits in it now; raises NotFound."""
    return _effect(session, reader, _found(session, practitioner, number, frozenset(ExceptionKind)))


def take_back(
    session: Session,
    reader: Reader,
    practitioner: PractitionerId,
    number: UUID,
    kinds: Collection[ExceptionKind],
) -> None:
    """Let a stretch be as usual again; raises NotFound."""
    may_edit(reader.actor, practitioner)
    guarded.lock_schedules(session, [practitioner])
    row = _found(session, practitioner, number, kinds)
    session.delete(row)
    session.flush()
    _record(session, reader, row, f"{row.kind}.remove")


def listed(
    session: Session,
    reader: Reader,
    practitioner: PractitionerId,
    kinds: Collection[ExceptionKind],
    since: datetime,
) -> list[Stretch]:
    """Return the stretches that are not over at `since`; raises NotFound for somebody without a schedule."""
    if session.get(Schedule, practitioner) is None:
        raise NotFound
    theirs = POLICIES[Permission.AVAILABILITY_EDIT](reader.actor, {"practitioner_id": practitioner})
    fields = reader.fields if theirs else None
    return exceptions.listed(session, practitioner, kinds=kinds, since=since, fields=fields)


def _row(
    session: Session, reader: Reader, practitioner: PractitionerId, new: NewStretch, number: UUID
) -> ScheduleException:
    schedule = session.get(Schedule, practitioner)
    may_edit(reader.actor, practitioner)
    if schedule is None:
        raise NotFound
    site = _site(session, schedule, new)
    stretch = WallStretch(new.starts, new.ends, new.tz or site.tz)
    if wrong := complaint(stretch):
        raise Invalid("invalid", errors={"ends": [wrong]})
    _check_cover(session, practitioner, new.cover, stretch)
    opens = new.kind is ExceptionKind.OPEN
    return ScheduleException(
        id=number,
        practitioner_id=practitioner,
        kind=new.kind,
        wall_start=f"{new.starts:%Y-%m-%dT%H:%M}",
        wall_end=f"{new.ends:%Y-%m-%dT%H:%M}",
        tz=stretch.tz,
        site_id=site.id if opens else None,
        modalities=new.modalities if opens else frozenset(),
        cover_id=new.cover,
        created_by=reader.actor.account_id,
        created_at=reader.clock.now(),
    )


def _site(session: Session, schedule: Schedule, new: NewStretch) -> Site:
    found = schedule.site if new.site is None else session.get(Site, new.site)
    if found is None or not found.active:
        raise Invalid("invalid", errors={"site": ["There is no such site."]})
    return found


def _check_cover(
    session: Session, practitioner: PractitionerId, cover: PractitionerId | None, stretch: WallStretch
) -> None:
    if cover is None:
        return
    reason = None
    if cover == practitioner or not is_bookable(session, cover):
        reason = "Choose a colleague who holds visits."
    elif clashes.is_away(session, cover, stretch.interval):
        reason = "This colleague is away then, too."
    if reason:
        raise Invalid("invalid", errors={"cover": [reason]})


def _effect(session: Session, reader: Reader, row: ScheduleException) -> Effect:
    [stretch] = exceptions.shown(session, [row], reader.fields)
    if row.kind is ExceptionKind.OPEN:
        return Effect(stretch, [], [])
    closed = clashes.Stretch(row.stretch.interval, practitioner=row.practitioner_id)
    visits, groups = taken_in(session, reader, closed)
    if visits:
        _record(session, reader, row, "appointment.list")
    duties: Sequence[SeenDuty] = ()
    if row.kind is ExceptionKind.LEAVE:
        duties = on_call.would_be(session, PractitionerId(row.practitioner_id), row.stretch)
    return Effect(stretch, visits, groups, duties)


def _found(
    session: Session, practitioner: PractitionerId, number: UUID, kinds: Collection[ExceptionKind]
) -> ScheduleException:
    row = session.scalars(
        select(ScheduleException).where(
            ScheduleException.id == number,
            ScheduleException.practitioner_id == practitioner,
            ScheduleException.kind.in_(kinds),
        )
    ).first()
    if row is None:
        raise NotFound
    return row


def _record(session: Session, reader: Reader, row: ScheduleException, action: str) -> None:
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action=action,
        object_type="schedule",
        object_id=row.practitioner_id,
    )
