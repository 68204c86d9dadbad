"""Seats: take one or wait for one, give it up so that the next moves up, note who came.

The session's row is locked first; that no more than `capacity` are taken is kept by the update's own
condition and by a constraint, and that nobody is in two places by the database (see `seat_guard`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity.services import relationships
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import AppointmentId, PatientId, ServiceId
from clinic.scheduling.events import SeatBooked, SeatCancelled
from clinic.scheduling.models import Appointment, GroupSeat, GroupSession
from clinic.scheduling.policies import arranges, is_desk, is_treating
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.groups import TAKEN, SeatStatus, may_note_attendance
from clinic.scheduling.services import guarded
from clinic.scheduling.services.admission import admit_to
from clinic.scheduling.services.groups.sessions import concerned, locked, opened, record, seats_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A seat that somebody asks for: their own, or by staff for a patient; `wait` where none is free."""

    group: AppointmentId
    patient: PatientId | None
    wait: bool


def take(session: Session, *, actor: Actor, clock: Clock, asked: Asked) -> SeatStatus:
    """Give a seat, or a place in the queue; return which.

    Raises Conflict("group_full", "already_seated", "seats_closed", "visit_overlap"), Denied("not_joinable")
    where the clinic gives the seats of the service, and Denied or Refused as booking does.
    """
    row = (
        concerned(session, actor, Permission.SEAT_TAKE, asked.group)
        if arranges(actor, {"patient_id": asked.patient})
        else _joined(session, asked)
    )
    patient = _whom(session, actor, clock, row, asked.patient)
    opened(session, row, clock.now())
    seat = session.get(GroupSeat, _key(asked.group, patient), populate_existing=True)
    status = _took(session, asked, seat)
    values = {"status": status, "asked_at": clock.now(), "created_by": actor.account_id}
    guarded.give_up_lapsed(session, busy=row.visit, now=clock.now(), patients=[patient])
    _write(session, row, patient, values, seat)
    relationships.relate(
        session, actor=actor, clock=clock, patient_id=patient, practitioner_id=row.practitioner_id
    )
    record(session, actor, clock, "seat.take", asked.group, patient_id=patient)
    if status is SeatStatus.BOOKED:
        publish(session, SeatBooked(asked.group, patient))
    return status


def give_up(
    session: Session, *, actor: Actor, clock: Clock, group_id: AppointmentId, patient: PatientId
) -> None:
    """Give a seat or a place in the queue up; who waits longest and can come moves up.

    Raises NotFound where there is none, and Conflict("too_late") for patients past the notice.
    """
    row = _whose(session, actor, group_id, patient)
    group, now = opened(session, row, clock.now()), clock.now()
    seat = session.get(GroupSeat, _key(group_id, patient), populate_existing=True)
    if seat is None or seat.status not in {SeatStatus.BOOKED, SeatStatus.WAITING}:
        raise NotFound
    had, seat.status, seat.version = seat.status, SeatStatus.CANCELLED, seat.version + 1
    if had is SeatStatus.BOOKED:
        _refuse_late(session, actor, row, patient, now)
        session.flush()
        group.taken -= 1 - move_up(session, row, now, free=1)
    session.flush()
    record(session, actor, clock, "seat.give_up", group_id, patient_id=patient)
    if had is SeatStatus.BOOKED:
        publish(session, SeatCancelled(group_id, patient))


def attend(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    group_id: AppointmentId,
    patient: PatientId,
    status: SeatStatus,
) -> None:
    """Note for one person whether they came, or take it back; raises Conflict("not_now") before the start."""
    row = concerned(session, actor, Permission.SEAT_ATTEND, group_id)
    locked(session, group_id)
    if not may_note_attendance(row.status, row.starts_at, clock.now()):
        raise Conflict("not_now")
    seat = session.get(GroupSeat, _key(group_id, patient), populate_existing=True)
    if seat is None or seat.status not in TAKEN:
        raise NotFound
    _write(session, row, patient, {"status": status}, seat)
    if status is SeatStatus.ATTENDED:
        _vouch(session, actor, clock, row, patient)
        if row.status is Status.BOOKED:
            guarded.change(session, row, status=Status.ARRIVED, checked_in_at=clock.now())
    record(session, actor, clock, f"seat.{status.value}", group_id, patient_id=patient)


def move_up(session: Session, row: Appointment, now: datetime, *, free: int) -> int:
    """Give up to `free` seats to those who wait longest and are free then; return how many were given.

    The caller holds the session's lock and counts the seats.
    """
    given = 0
    for seat in seats_of(session, row.id, [SeatStatus.WAITING]):
        if given == free:
            break
        patient = PatientId(seat.patient_id)
        guarded.give_up_lapsed(session, busy=row.visit, now=now, patients=[patient])
        try:
            _write(session, row, patient, {"status": SeatStatus.BOOKED}, seat)
        except Conflict:
            continue  # they have another visit by now; the next one may not
        publish(session, SeatBooked(AppointmentId(row.id), patient, moved_up=True))
        given += 1
    return given


def _vouch(session: Session, actor: Actor, clock: Clock, row: Appointment, patient: PatientId) -> None:
    relationships.relate(
        session, actor=actor, clock=clock, patient_id=patient, practitioner_id=row.practitioner_id
    )


def _joined(session: Session, asked: Asked) -> Appointment:
    """Return the session for a patient, who needs no other concern in it than to join."""
    row = session.get(Appointment, asked.group)
    if row is None or not row.is_group:
        raise NotFound
    return row


def _whose(session: Session, actor: Actor, group_id: AppointmentId, patient: PatientId) -> Appointment:
    if actor.patient_id is not None and actor.patient_id == patient:
        return _joined(session, Asked(group_id, patient, wait=False))
    return concerned(session, actor, Permission.SEAT_GIVE_UP, group_id)


def _whom(
    session: Session, actor: Actor, clock: Clock, row: Appointment, given: PatientId | None
) -> PatientId:
    """Return whose seat it is to be; raises Invalid, NotFound, Denied or Refused."""
    if not arranges(actor, {"patient_id": given}):
        if given not in {None, actor.patient_id} or actor.patient_id is None:
            raise NotFound
        if not get_service(session, row.service_id).joinable:
            raise Denied("not_joinable")
        patient, service, whom = actor.patient_id, ServiceId(row.service_id), row.practitioner_id
        admit_to(session, actor=actor, patient=patient, service=service, practitioner=whom)
        return patient
    if given is None:
        raise Invalid("invalid", errors={"patient": ["Say whom the seat is for."]})
    if not is_desk(actor, {}):
        visible_patient(session, actor=actor, clock=clock, patient_id=given, action="seat.take")
    if not patient_exists(session, patient_id=given):
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})
    return given


def _took(session: Session, asked: Asked, seat: GroupSeat | None) -> SeatStatus:
    """Count one more seat as taken if there is one; else say whether the person may wait."""
    if seat is not None and seat.status in TAKEN:
        raise Conflict("already_seated")
    statement = (
        update(GroupSession)
        .where(GroupSession.appointment_id == asked.group, GroupSession.taken < GroupSession.capacity)
        .values(taken=GroupSession.taken + 1)
        .returning(GroupSession.taken)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).first() is not None:
        return SeatStatus.BOOKED
    if seat is not None and seat.status is SeatStatus.WAITING:
        raise Conflict("already_seated")
    if not asked.wait:
        raise Conflict("group_full")
    return SeatStatus.WAITING


def _write(
    session: Session,
    row: Appointment,
    patient: PatientId,
    values: dict[str, object],
    seat: GroupSeat | None,
) -> None:
    """Insert or change a seat; raises Conflict("visit_overlap") where the database refuses it."""
    key = _key(row.id, patient)
    same = (GroupSeat.appointment_id == row.id, GroupSeat.patient_id == patient)
    times = {"starts_at": row.starts_at, "ends_at": row.ends_at}
    new = insert(GroupSeat).values(**key, **times, **values)
    changed = update(GroupSeat).where(*same).values(**values, version=GroupSeat.version + 1)
    statement = new if seat is None else changed.execution_options(synchronize_session=False)
    try:
        guarded.guarded(session, lambda: session.execute(statement))
    except guarded.Overlap:
        raise Conflict("visit_overlap") from None
    if seat is not None:
        session.refresh(seat)


def _refuse_late(session: Session, actor: Actor, row: Appointment, patient: PatientId, now: datetime) -> None:
    facts = {"practitioner_id": row.practitioner_id, "patient_id": patient}
    by_staff = is_treating(actor, facts) and arranges(actor, facts)
    policy = get_service(session, row.service_id).policy
    if not policy.may_cancel(row.status, row.starts_at, now, by_staff=by_staff):
        raise Conflict("too_late")


def _key(group_id: UUID, patient: UUID) -> dict[str, UUID]:
    return {"appointment_id": group_id, "patient_id": patient}
