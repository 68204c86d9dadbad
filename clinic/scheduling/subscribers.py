"""Reactions to the diary's own events: the patient is written to, in the act's transaction."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from clinic.bus import EventBus
from clinic.clock import Clock
from clinic.notifications.services import enqueue, to_patient
from clinic.scheduling.events import AppointmentBooked, AppointmentCancelled, AppointmentMoved

E = TypeVar("E", AppointmentBooked, AppointmentCancelled, AppointmentMoved)


def subscribe(bus: EventBus, clock: Clock) -> None:
    """Queue a letter to the patient for each change of a visit."""
    _write(bus, clock, AppointmentBooked, "appointment.booked")
    _write(bus, clock, AppointmentMoved, "appointment.moved")
    _write(bus, clock, AppointmentCancelled, "appointment.cancelled")


def _write(bus: EventBus, clock: Clock, event_type: type[E], kind: str) -> None:
    def queue(session: Session, event: E) -> None:
        ids = {"appointment": event.appointment_id}
        enqueue(session, clock=clock, kind=kind, recipient=to_patient(event.patient_id), ids=ids)

    bus.before_commit(event_type, queue)
