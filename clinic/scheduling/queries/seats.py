"""Sessions in which somebody sits or which they hold, as visits of theirs: when, and in which version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clinic.ids import PatientId, PractitionerId
from clinic.scheduling.models import Appointment, GroupSeat
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.rules.intervals import Interval

_SITS = frozenset({SeatStatus.BOOKED, SeatStatus.ATTENDED, SeatStatus.MISSED})
_TAKES_PLACE = frozenset({Status.BOOKED, Status.ARRIVED, Status.FULFILLED})


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session that somebody is in; `version` counts what has changed about it and about their seat."""

    session: Appointment
    version: int


def seats_of(
    session: Session, patient: PatientId, *, start: datetime | None = None, end: datetime | None = None
) -> list[Sitting]:
    """Return the sessions that take place from `start` up to `end` with a seat of this person, by time."""
    rows = session.execute(
        select(Appointment, GroupSeat)
        .join(GroupSeat, GroupSeat.appointment_id == Appointment.id)
        .where(GroupSeat.patient_id == patient, GroupSeat.status.in_(_SITS), *_taking_place(start, end))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [Sitting(visit, visit.version + seat.version) for visit, seat in rows]


def sat_in(session: Session, patient: UUID, span: Interval) -> Sequence[GroupSeat]:
    """Return the seats that somebody has in sessions which share an instant with `span`, by time."""
    chosen = select(GroupSeat).where(
        GroupSeat.patient_id == patient,
        GroupSeat.status == SeatStatus.BOOKED,
        GroupSeat.starts_at < span.end,
        GroupSeat.ends_at > span.start,
    )
    return session.scalars(chosen.order_by(GroupSeat.starts_at, GroupSeat.appointment_id)).all()


def held_by(
    session: Session, practitioner: PractitionerId, *, start: datetime, end: datetime
) -> list[Sitting]:
    """Return the sessions that a practitioner holds from `start` up to `end`, by time."""
    found: Sequence[Appointment] = session.scalars(
        select(Appointment)
        .where(Appointment.is_group, Appointment.practitioner_id == practitioner, *_taking_place(start, end))
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()
    return [Sitting(visit, visit.version) for visit in found]


def _taking_place(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Appointment.status.in_(_TAKES_PLACE)]
    if start is not None:
        conditions.append(Appointment.starts_at >= start)
    if end is not None:
        conditions.append(Appointment.starts_at < end)
    return conditions
