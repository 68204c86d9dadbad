"""Reactions to the diary's own events: people are written to, in the act's transaction.

A change of a whole series is one letter, however many visits it touches; each visit has reminders of its own.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from clinic.bus import EventBus
from clinic.scheduling.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    SeatBooked,
    SeatCancelled,
    SeatMoved,
    SeriesBooked,
    SeriesCancelled,
    SeriesMoved,
    TimeOffered,
    UrgentRequestAsked,
    WallTimesKept,
)
from clinic.scheduling.models import Appointment
from clinic.scheduling.services.telling import CLOCKS, CLOCKS_PRACTITIONER, Telling
from clinic.scheduling.services.telling_many import remind_of_seat, tell_of_seat, tell_of_series
from clinic.scheduling.services.urgent.telling import tell_of_request

E = TypeVar("E", AppointmentBooked, AppointmentCancelled, AppointmentMoved)
S = TypeVar("S", SeriesBooked, SeriesCancelled, SeriesMoved)


def subscribe(bus: EventBus, telling: Telling) -> None:
    """Queue a letter for each change of a visit, its reminders, and each offer; old ones drop themselves."""
    _write(bus, telling, AppointmentBooked, "appointment.booked")
    bus.before_commit(AppointmentMoved, lambda session, event: _tell_move(session, telling, event))
    bus.before_commit(WallTimesKept, lambda session, event: _tell_of_clocks(session, telling, event))
    _write(bus, telling, AppointmentCancelled, "appointment.cancelled")
    _remind(bus, telling, AppointmentBooked)
    _remind(bus, telling, AppointmentMoved)
    bus.before_commit(
        TimeOffered, lambda session, event: telling.offer(session, event.offer_id, event.patient_id)
    )
    _write_once(bus, telling, SeriesBooked, "series.booked")
    _write_once(bus, telling, SeriesMoved, "series.moved")
    _write_once(bus, telling, SeriesCancelled, "series.cancelled")
    _write_of_seats(bus, telling)
    bus.before_commit(
        UrgentRequestAsked, lambda session, event: tell_of_request(session, telling.clock, event)
    )


def _tell_move(session: Session, telling: Telling, event: AppointmentMoved) -> None:
    if event.within is not None or event.clocks:
        return  # the series, and what clocks have done, is told once
    visit = session.get_one(Appointment, event.appointment_id)
    telling.tell(session, visit, event.patient_id, "appointment.moved")


def _tell_of_clocks(session: Session, telling: Telling, event: WallTimesKept) -> None:
    first = session.get_one(Appointment, event.first)
    if event.patient_id is None:
        telling.tell_practitioner(session, first, CLOCKS_PRACTITIONER)
    else:
        telling.tell(session, first, event.patient_id, CLOCKS)


def _write(bus: EventBus, telling: Telling, event_type: type[E], kind: str) -> None:
    def queue(session: Session, event: E) -> None:
        if event.within is not None:
            return  # the series is told once
        visit = session.get_one(Appointment, event.appointment_id)
        telling.tell(session, visit, event.patient_id, kind)

    bus.before_commit(event_type, queue)


def _remind(bus: EventBus, telling: Telling, event_type: type[E]) -> None:
    def queue(session: Session, event: E) -> None:
        visit = session.get_one(Appointment, event.appointment_id)
        telling.remind(session, visit, event.patient_id)

    bus.before_commit(event_type, queue)


def _write_once(bus: EventBus, telling: Telling, event_type: type[S], kind: str) -> None:
    def queue(session: Session, event: S) -> None:
        first = session.get_one(Appointment, event.first)
        tell_of_series(session, telling, event.series_id, first, event.patient_id, kind)

    bus.before_commit(event_type, queue)


def _write_of_seats(bus: EventBus, telling: Telling) -> None:
    def booked(session: Session, event: SeatBooked) -> None:
        visit = session.get_one(Appointment, event.appointment_id)
        kind = "seat.moved_up" if event.moved_up else "seat.booked"
        tell_of_seat(session, telling, visit, event.patient_id, kind)
        remind_of_seat(session, telling, visit, event.patient_id)

    def moved(session: Session, event: SeatMoved) -> None:
        visit = session.get_one(Appointment, event.appointment_id)
        if not event.clocks:
            tell_of_seat(session, telling, visit, event.patient_id, "seat.moved")
        remind_of_seat(session, telling, visit, event.patient_id)

    def cancelled(session: Session, event: SeatCancelled) -> None:
        visit = session.get_one(Appointment, event.appointment_id)
        kind = "seat.called_off" if event.waited else "seat.cancelled"
        tell_of_seat(session, telling, visit, event.patient_id, kind)

    bus.before_commit(SeatBooked, booked)
    bus.before_commit(SeatMoved, moved)
    bus.before_commit(SeatCancelled, cancelled)
