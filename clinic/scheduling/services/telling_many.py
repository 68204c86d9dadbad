"""Who is written to about a series and about seats: the patient once, and of a series those who stand in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.ids import PatientId, SeriesId
from clinic.notifications.ports import Ids
from clinic.notifications.services import enqueue, to_patient
from clinic.scheduling.models import Appointment, GroupSeat
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.rules.reminders import name_of, planned, turn
from clinic.scheduling.services.telling import Telling

SEAT_REMINDER = "seat.reminder"


def tell_of_series(
    session: Session,
    telling: Telling,
    series_id: SeriesId,
    first: Appointment,
    patient: PatientId,
    kind: str,
) -> None:
    """Queue one message about a series to everybody concerned; `first` is its earliest visit in question."""
    for one in telling.concerned(session, first, patient):
        enqueue(
            session,
            clock=telling.clock,
            kind=kind,
            recipient=one.recipient,
            ids={**one.ids, "series": series_id},
            dedupe=f"{kind}:{series_id}:{first.id}:{first.version}:{one.who}",
            about=first.id,
        )


def tell_of_seat(
    session: Session, telling: Telling, visit: Appointment, patient: PatientId, kind: str
) -> None:
    """Queue a message about somebody's seat."""
    enqueue(
        session,
        clock=telling.clock,
        kind=kind,
        recipient=to_patient(patient),
        ids={"appointment": visit.id, "patient": patient},
        about=visit.id,
    )


def remind_of_seat(session: Session, telling: Telling, visit: Appointment, patient: PatientId) -> None:
    """Queue the reminders of a seat that lie ahead; those that are queued already stay as they are."""
    for reminder in planned(telling.steps(session, visit), visit.starts_at, telling.clock.now()):
        enqueue(
            session,
            clock=telling.clock,
            kind=SEAT_REMINDER,
            recipient=to_patient(patient),
            ids={"appointment": visit.id, "patient": patient},
            due_at=reminder.due_at,
            dedupe=name_of(reminder.step, visit.id, visit.starts_at, patient),
            about=visit.id,
        )


def seat_reminder_now(session: Session, telling: Telling, ids: Ids) -> str | None:
    """Return what the reminder of a seat is called whose turn it is, or None when there is none."""
    visit = session.get(Appointment, ids["appointment"])
    key = {"appointment_id": ids["appointment"], "patient_id": ids["patient"]}
    seat = session.get(GroupSeat, key)
    if visit is None or seat is None or visit.status not in AHEAD or seat.status is not SeatStatus.BOOKED:
        return None
    step = turn(telling.steps(session, visit), visit.starts_at, telling.clock.now())
    return None if step is None else name_of(step, visit.id, visit.starts_at, ids["patient"])
