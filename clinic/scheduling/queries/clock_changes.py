"""Coming visits and sessions whose zone rules have changed since their wall time was promised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from clinic.ids import PatientId
from clinic.scheduling.models import Appointment, GroupSeat
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.rules.booking import AHEAD, LONGEST
from clinic.scheduling.rules.clock_changes import Clash, Promise
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import tzdb_version

Edge = InstrumentedAttribute[datetime]


def outdated(session: Session, *, now: datetime) -> Sequence[Appointment]:
    """Return what is still to come and was made under other zone rules than ours, by time."""
    chosen = select(Appointment).where(*_outdated(now))
    return session.scalars(chosen.order_by(Appointment.starts_at, Appointment.id)).all()


def moved(session: Session, *, now: datetime) -> list[Appointment]:
    """Return those of the outdated visits and sessions whose wall time is another instant by now, by time."""
    return [row for row in outdated(session, now=now) if shift_of(row)]


def count_moved(session: Session, *, now: datetime) -> int:
    """Return how many there are, and make no rows of what may be every visit to come."""
    columns = Appointment.wall_start, Appointment.tz, Appointment.starts_at
    found = session.execute(select(*columns).where(*_outdated(now)))
    return sum(bool(Promise(wall, tz, at).shift) for wall, tz, at in found)


def _outdated(now: datetime) -> tuple[ColumnElement[bool], ...]:
    ahead = Appointment.status.in_(AHEAD), Appointment.starts_at > now
    return *ahead, Appointment.tzdb != tzdb_version()


def shift_of(row: Appointment) -> timedelta:
    """Return how far a visit moves so that its wall time stays."""
    return Promise(row.wall_start, row.tz, row.starts_at).shift


def people_of(session: Session, row: Appointment) -> list[PatientId]:
    """Return who comes: the patient of a visit, or those who sit in a session."""
    if row.patient_id is not None:
        return [PatientId(row.patient_id)]
    seated = select(GroupSeat.patient_id).where(
        GroupSeat.appointment_id == row.id, GroupSeat.status == SeatStatus.BOOKED
    )
    return [PatientId(one) for one in session.scalars(seated.order_by(GroupSeat.patient_id))]


@dataclass(frozen=True, slots=True)
class Way:
    """The time to which `row` moves; what is `besides` moves too, and is not in the way."""

    row: Appointment
    besides: Collection[UUID]
    now: datetime

    @property
    def busy(self) -> Interval:
        """Return what the practitioner and the room are busy for then."""
        shift = shift_of(self.row)
        return Interval(self.row.busy_from + shift, self.row.busy_to + shift)

    @property
    def visit(self) -> Interval:
        """Return the time that people see."""
        shift = shift_of(self.row)
        return Interval(self.row.starts_at + shift, self.row.ends_at + shift)


def in_the_way(session: Session, way: Way) -> Clash | None:
    """Return what the database would refuse the move for; a visit over others on purpose stays over them."""
    return next(_met(session, way), None)


def _met(session: Session, way: Way) -> Iterator[Clash]:
    row = way.row
    busy, visit = (
        (Appointment.busy_from, Appointment.busy_to, way.busy),
        (Appointment.starts_at, Appointment.ends_at, way.visit),
    )
    theirs = Appointment.practitioner_id == row.practitioner_id
    if row.overbook_of is None and _visits(session, way, theirs, *busy):
        yield Clash.PRACTITIONER
    people = people_of(session, row)
    if _visits(session, way, Appointment.patient_id.in_(people), *visit) or _seats(session, way, people):
        yield Clash.MEMBER if row.is_group else Clash.PATIENT
    if row.room_id is not None and _visits(session, way, Appointment.room_id == row.room_id, *busy):
        yield Clash.ROOM


def _visits(
    session: Session, way: Way, whose: ColumnElement[bool], start: Edge, end: Edge, then: Interval
) -> bool:
    found = session.scalars(
        select(Appointment.id).where(whose, is_live(way.now), *_touching(start, end, then))
    )
    return not set(found) <= {way.row.id, *way.besides}


def _seats(session: Session, way: Way, people: Collection[PatientId]) -> bool:
    found = session.scalars(
        select(GroupSeat.appointment_id).where(
            GroupSeat.patient_id.in_(people),
            GroupSeat.status == SeatStatus.BOOKED,
            *_touching(GroupSeat.starts_at, GroupSeat.ends_at, way.visit),
        )
    )
    return not set(found) <= {way.row.id, *way.besides}


def _touching(start: Edge, end: Edge, then: Interval) -> tuple[ColumnElement[bool], ...]:
    return start < then.end, start > then.start - LONGEST, end > then.start
