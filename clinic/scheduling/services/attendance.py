"""Who was in the room of a video visit, and what became of visits that are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import NotFound
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.models import Appointment, Attendance
from clinic.scheduling.models.appointment import Seat
from clinic.scheduling.rules.booking import ROOM_CLOSES_AFTER, Status, is_fulfilled
from clinic.scheduling.services import guarded, relations


def record_presence(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    appointment_id: AppointmentId,
    who: str,
    joined_at: datetime | None = None,
    left_at: datetime | None = None,
) -> None:
    """Note that `who` came (`joined_at`) or went (`left_at`); the patient's coming counts as arrival.

    `who` is `patient` or `practitioner`. Raises NotFound. Coming twice, or going without having come,
    changes nothing.
    """
    seat, visit = Seat(who), session.get(Appointment, appointment_id)
    if visit is None or visit.patient_id is None:
        raise NotFound
    present = session.scalars(
        select(Attendance).where(
            Attendance.appointment_id == appointment_id, Attendance.seat == seat, Attendance.left_at.is_(None)
        )
    ).first()
    if joined_at is not None and present is None:
        present = Attendance(id=new_id(), appointment_id=appointment_id, seat=seat, joined_at=joined_at)
        session.add(present)
        _arrive(session, actor, clock, visit, seat, joined_at)
    if left_at is not None and present is not None:
        present.left_at = max(left_at, present.joined_at)


def _arrive(
    session: Session, actor: Actor, clock: Clock, visit: Appointment, who: Seat, at: datetime
) -> None:
    if who is Seat.PATIENT:
        if visit.status is Status.BOOKED:
            guarded.change(session, visit, status=Status.ARRIVED, checked_in_at=visit.checked_in_at or at)
        relations.after_arrival(session, actor=actor, clock=clock, visit=visit)
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="appointment.join",
        patient_id=visit.patient_id,
        object_type="appointment",
        object_id=visit.id,
    )


def settle(session: Session, *, actor: Actor, clock: Clock, limit: int = 200) -> int:
    """Mark visits that are over and took place as fulfilled; return how many.

    What stays booked or arrived is for staff to decide (a no-show is never assumed).
    """
    now = clock.now()
    over = session.scalars(
        select(Appointment)
        .where(Appointment.status == Status.ARRIVED, Appointment.ends_at <= now - ROOM_CLOSES_AFTER)
        .order_by(Appointment.ends_at.desc(), Appointment.id)
        .limit(limit)
    ).all()
    done = 0
    for row in over:
        if is_fulfilled(row.status, row.modality, row.visit, met=row.is_group or _met(session, row), now=now):
            guarded.change(session, row, status=Status.FULFILLED)
            audit.record(
                session,
                actor=actor,
                clock=clock,
                action="appointment.fulfil",
                patient_id=row.patient_id,
                object_type="appointment",
                object_id=row.id,
            )
            done += 1
    return done


def _met(session: Session, row: Appointment) -> bool:
    seats = session.scalars(select(Attendance.seat).where(Attendance.appointment_id == row.id).distinct())
    return set(seats) == set(Seat)
