"""Reactions to the diary's own events: people are written to, in the act's transaction."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from clinic.bus import EventBus
from clinic.scheduling.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    TimeOffered,
)
from clinic.scheduling.models import Appointment
from clinic.scheduling.services.telling import Telling

E = TypeVar("E", AppointmentBooked, AppointmentCancelled, AppointmentMoved)


def subscribe(bus: EventBus, telling: Telling) -> None:
    """Queue a letter for each change of a visit, its reminders, and each offer; old ones drop themselves."""
    _write(bus, telling, AppointmentBooked, "appointment.booked")
    _write(bus, telling, AppointmentMoved, "appointment.moved")
    _write(bus, telling, AppointmentCancelled, "appointment.cancelled")
    _remind(bus, telling, AppointmentBooked)
    _remind(bus, telling, AppointmentMoved)
    bus.before_commit(
        TimeOffered, lambda session, event: telling.offer(session, event.offer_id, event.patient_id)
    )


def _write(bus: EventBus, telling: Telling, event_type: type[E], kind: str) -> None:
    def queue(session: Session, event: E) -> None:
        visit = session.get_one(Appointment, event.appointment_id)
        telling.tell(session, visit, event.patient_id, kind)

    bus.before_commit(event_type, queue)


def _remind(bus: EventBus, telling: Telling, event_type: type[E]) -> None:
    def queue(session: Session, event: E) -> None:
        visit = session.get_one(Appointment, event.appointment_id)
        telling.remind(session, visit, event.patient_id)

    bus.before_commit(event_type, queue)
