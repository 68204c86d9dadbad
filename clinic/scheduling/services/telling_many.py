"""Who is written to about a series and about seats: the patient, and those who stand in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PatientId, SeriesId
from clinic.notifications.ports import Ids
from clinic.notifications.services import enqueue
from clinic.scheduling.models import Appointment, GroupSeat
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.rules.reminders import name_of, turn
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
    """Queue a message about somebody's seat to everybody concerned."""
    for one in telling.concerned(session, visit, patient):
        enqueue(session, clock=telling.clock, kind=kind, recipient=one.recipient, ids=one.ids, about=visit.id)


def remind_of_seat(session: Session, telling: Telling, visit: Appointment, patient: PatientId) -> None:
    """Queue the reminders of a seat that lie ahead; those that are queued already stay as they are."""
    telling.remind(session, visit, patient, SEAT_REMINDER)


def remind_of_seats(session: Session, telling: Telling, visit: Appointment) -> None:
    """Queue what is not queued yet for everybody who sits in a session."""
    seated = select(GroupSeat.patient_id).where(
        GroupSeat.appointment_id == visit.id, GroupSeat.status == SeatStatus.BOOKED
    )
    for patient in session.scalars(seated.order_by(GroupSeat.patient_id)):
        remind_of_seat(session, telling, visit, PatientId(patient))


def seat_reminder_now(session: Session, telling: Telling, ids: Ids) -> str | None:
    """Return what the reminder of a seat is called whose turn it is, or None when there is none."""
    visit = session.get(Appointment, ids["appointment"])
    key = {"appointment_id": ids["appointment"], "patient_id": ids["patient"]}
    seat = session.get(GroupSeat, key)
    if visit is None or seat is None or visit.status not in AHEAD or seat.status is not SeatStatus.BOOKED:
        return None
    step = turn(telling.steps(session, visit), visit.starts_at, telling.clock.now())
    who = ids.get("guardian", ids["patient"])
    return None if step is None else name_of(step, visit.id, visit.starts_at, who)
