"""Everything that is in the way of a wanted visit, looked up without taking a lock or changing a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.queries.locations import rooms_at, site_of
from clinic.scheduling.queries.openings import calendar_of
from clinic.scheduling.queries.reserved import reserved_times
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.conflicts import Clash, Kind, Other, with_visits
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.rooms import NO_ROOMS, Room

_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A visit that somebody thinks of: `besides` is the one that would move, `owner` whose holds give way.

    A `reserved` one may take a time that is kept for urgent requests.
    """

    service: Service
    practitioner: UUID
    modality: Modality
    starts_at: datetime
    patient: UUID | None
    owner: UUID
    besides: UUID | None = None
    reserved: bool = False

    @property
    def visit(self) -> Interval:
        """Return the time that people would see."""
        return Interval(self.starts_at, self.starts_at + self.service.demand.length)

    @property
    def busy(self) -> Interval:
        """Return the time that the practitioner would be busy."""
        return self.service.demand.busy(self.starts_at)


def clashes(session: Session, asked: Asked, *, now: datetime, by_staff: bool) -> list[Clash]:
    """Return what is in the way: the time itself, hours, the practitioner's visits, the patient's, rooms."""
    return [
        *_of_policy(asked, now, by_staff=by_staff),
        *_of_hours(session, asked),
        *_of_reserve(session, asked, now),
        *with_visits(asked.visit, asked.busy, _others(session, asked, now)),
        *_of_patient(session, asked, now),
        *([Clash(Kind.NO_ROOM)] if free_room(session, asked, now) is False else []),
    ]


def free_room(session: Session, asked: Asked, now: datetime) -> Room | bool | None:
    """Return the room that the visit would get, False where none is free, None where it needs none."""
    site = site_of(session, asked.practitioner) if asked.modality is Modality.IN_PERSON else None
    rooms = NO_ROOMS if site is None else rooms_at(session, site, asked.busy, now, ignoring=[asked.besides])
    return next(iter(rooms.free(asked.busy)), False) if rooms.rooms else None


def _of_policy(asked: Asked, now: datetime, *, by_staff: bool) -> Iterator[Clash]:
    window = asked.service.policy.window(now, by_staff=by_staff)
    if asked.starts_at < now:
        yield Clash(Kind.PAST)
    elif asked.starts_at < window.start:
        yield Clash(Kind.TOO_SOON)
    elif asked.starts_at >= window.end:
        yield Clash(Kind.TOO_FAR)


def _of_hours(session: Session, asked: Asked) -> Iterator[Clash]:
    ways = frozenset({asked.modality})
    calendar = calendar_of(session, PractitionerId(asked.practitioner), asked.busy, modalities=ways)
    if not any(
        item.start <= asked.busy.start and asked.busy.end <= item.end for item in calendar.open_times()
    ):
        away = any(asked.busy.overlaps(item) for item in (*calendar.away, *calendar.holidays))
        yield Clash(Kind.AWAY if away else Kind.OUTSIDE_HOURS)


def _of_reserve(session: Session, asked: Asked, now: datetime) -> Iterator[Clash]:
    kept = reserved_times(session, asked.service, asked.practitioner, asked.busy, now=now)
    if not asked.reserved and any(asked.busy.overlaps(item) for item in kept):
        yield Clash(Kind.RESERVED)


def _of_patient(session: Session, asked: Asked, now: datetime) -> Iterator[Clash]:
    if asked.patient is None:
        return
    for other in _rows(session, asked, now, Appointment.patient_id == asked.patient):
        if other.visit.overlaps(asked.visit):
            yield Clash(Kind.PATIENT_BUSY, other.visit, other.id)


def _others(session: Session, asked: Asked, now: datetime) -> list[Other]:
    return _rows(session, asked, now, Appointment.practitioner_id == asked.practitioner)


def _rows(session: Session, asked: Asked, now: datetime, whose: ColumnElement[bool]) -> list[Other]:
    rows = session.scalars(
        select(Appointment)
        .where(
            whose,
            is_live(now),
            Appointment.busy_from < asked.busy.end,
            Appointment.busy_from > asked.busy.start - _LONGEST,
            Appointment.busy_to > asked.busy.start,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [
        Other(row.id, row.status, row.visit, Interval(row.busy_from, row.busy_to))
        for row in rows
        if row.id != asked.besides and not (row.hold_expires_at and row.created_by == asked.owner)
    ]
