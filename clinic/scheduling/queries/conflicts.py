"""Everything that is in the way of a wanted visit, looked up without taking a lock or changing a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.queries.locations import rooms_at
from clinic.scheduling.queries.openings import Shelf, shelf
from clinic.scheduling.queries.places import Place
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.reserved import reserved_times
from clinic.scheduling.queries.schedules import is_live, taken_elsewhere
from clinic.scheduling.queries.seats import sat_in
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import LONGEST
from clinic.scheduling.rules.conflicts import Clash, Kind, Other, with_visits
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.rooms import NO_ROOMS, Room, Rooms
from clinic.scheduling.rules.spans import Span, interval_of, span_of


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


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of a wanted visit: what is in its way, where it would be, and in which room."""

    clashes: list[Clash]
    place: Place
    room: Room | None


def look_ahead(session: Session, asked: Asked, home: Place, *, now: datetime, by_staff: bool) -> Ahead:
    """Say what is in the way: the time itself, hours, the practitioner's visits, the patient's, rooms.

    Nothing is where, and only where, the search would offer the visit. It is held at `home` where nobody is
    open for it.
    """
    found = _shelf(session, asked, now)
    place = found.place_at(asked.starts_at, {})
    rooms = _rooms(session, asked, place or home, now)
    clashes = [
        *_of_policy(asked, now, by_staff=by_staff),
        *([] if place else [_of_hours(asked, found)]),
        *_of_reserve(session, asked, now),
        *with_visits(asked.visit, asked.busy, _others(session, asked, now)),
        *_of_other_calendars(session, asked, found),
        *_of_patient(session, asked, now),
        *([] if rooms.has(asked.busy) else [Clash(Kind.NO_ROOM)]),
    ]
    return Ahead(clashes, place or home, next(iter(rooms.free(asked.busy)), None))


def _shelf(session: Session, asked: Asked, now: datetime) -> Shelf:
    wish, service = Wish(PractitionerId(asked.practitioner)), ServiceId(asked.service.id)
    terms = asked.service.terms
    return shelf(session, service, terms, wish, asked.modality, asked.busy, now=now, reserved=True)


def _rooms(session: Session, asked: Asked, place: Place, now: datetime) -> Rooms:
    if asked.modality is not Modality.IN_PERSON:
        return NO_ROOMS
    return rooms_at(session, place.site, asked.busy, now, ignoring=[asked.besides])


def _of_policy(asked: Asked, now: datetime, *, by_staff: bool) -> Iterator[Clash]:
    window = asked.service.policy.window(now, by_staff=by_staff)
    if asked.starts_at < now:
        yield Clash(Kind.PAST)
    elif asked.starts_at < window.start:
        yield Clash(Kind.TOO_SOON)
    elif asked.starts_at >= window.end:
        yield Clash(Kind.TOO_FAR)


def _of_hours(asked: Asked, found: Shelf) -> Clash:
    """Say why nobody is open: away, closed, or open but at other minutes."""
    busy = span_of(asked.busy)
    if any(
        start <= busy[0] and busy[1] <= end for diary in found.read(busy, {}) for start, end in diary.open
    ):
        return Clash(Kind.OFF_GRID)
    places, changes = found.supply.places, found.supply.differences
    shut = (span for place in places for span in changes.shut(place.key, place.site_key))
    return Clash(Kind.AWAY if any(_meet(span, busy) for span in shut) else Kind.OUTSIDE_HOURS)


def _of_other_calendars(session: Session, asked: Asked, found: Shelf) -> Iterator[Clash]:
    busy = span_of(asked.busy)
    for spans in taken_elsewhere(session, found.supply.keys, asked.busy).values():
        yield from (Clash(Kind.TAKEN, interval_of(span)) for span in spans if _meet(span, busy))


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


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
    for seat in sat_in(session, asked.patient, asked.visit):
        yield Clash(Kind.PATIENT_BUSY, Interval(seat.starts_at, seat.ends_at), seat.appointment_id)


def _others(session: Session, asked: Asked, now: datetime) -> list[Other]:
    return _rows(session, asked, now, Appointment.practitioner_id == asked.practitioner)


def _rows(session: Session, asked: Asked, now: datetime, whose: ColumnElement[bool]) -> list[Other]:
    rows = session.scalars(
        select(Appointment)
        .where(
            whose,
            is_live(now),
            Appointment.busy_from < asked.busy.end,
            Appointment.busy_from > asked.busy.start - LONGEST,
            Appointment.busy_to > asked.busy.start,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [
        Other(row.id, row.status, row.visit, Interval(row.busy_from, row.busy_to))
        for row in rows
        if row.id != asked.besides and not (row.hold_expires_at and row.created_by == asked.owner)
    ]
