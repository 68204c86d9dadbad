"""Cancel, check in, note an absence: each one guarded update of a visit as it was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, NotFound
from clinic.ids import AppointmentId
from clinic.scheduling.events import (
    AppointmentCancelled,
    PatientCheckedIn,
    PatientMissed,
    VisitFulfilled,
)
from clinic.scheduling.models import Absence, Appointment
from clinic.scheduling.models.guard import EX_PATIENT
from clinic.scheduling.policies import arranges, is_treating
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.arrivals import AbsenceReason
from clinic.scheduling.rules.booking import Status, may_check_in, may_mark_fulfilled, may_mark_noshow
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.scheduling.services import guarded, relations
from clinic.scheduling.services.finding import concerned, patient_of, refuse_stale
from clinic.vault.fields import Fields

CANCEL_REASON = "appointment.cancel_reason"


def cancel(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    appointment_id: AppointmentId,
    reason: str | None,
    version: int | None = None,
) -> Appointment:
    """Call a visit off.

    Raises Conflict("too_late") past the notice, ("not_open") when it is settled, and PreconditionFailed
    unless `version`, where it is given, is the present one.
    """
    row = concerned(session, actor, Permission.APPOINTMENT_CANCEL, appointment_id)
    refuse_stale(row, version)
    refuse_late(session, actor, row, clock.now())
    guarded.lock_schedules(session, [row.practitioner_id])
    sealed = fields.seal(patient_of(row), CANCEL_REASON, reason) if reason else None
    guarded.change(session, row, status=Status.CANCELLED, cancel_reason_sealed=sealed)
    _record(session, actor, clock, row, "appointment.cancel")
    publish(session, AppointmentCancelled(appointment_id, patient_of(row), row.practitioner_id))
    return row


def check_in(session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId) -> Appointment:
    """Note that the patient has arrived; a second time changes nothing.

    Staff take an absence back by it while the visit lasts. Raises Conflict("not_now"), and ("slot_taken",
    "visit_overlap") where the time of somebody who was said to be missing is another's by now.
    """
    row, now = concerned(session, actor, Permission.APPOINTMENT_ATTEND, appointment_id), clock.now()
    if row.checked_in_at is not None and row.status is Status.ARRIVED:
        return row
    by_staff = is_treating(actor, {"practitioner_id": row.practitioner_id})
    if not may_check_in(row.status, row.starts_at, row.ends_at, now, by_staff=by_staff):
        raise Conflict("not_now")
    if row.status is Status.NOSHOW:
        _return(session, row, now)
    else:
        guarded.change(session, row, status=Status.ARRIVED, checked_in_at=now)
    relations.after_arrival(session, actor=actor, clock=clock, visit=row)
    _record(session, actor, clock, row, "appointment.check_in")
    publish(session, PatientCheckedIn(appointment_id, patient_of(row), row.practitioner_id))
    return row


def _return(session: Session, row: Appointment, now: datetime) -> None:
    """Let somebody have come after all, in the time that they had, and forget why they had not."""
    guarded.lock_schedules(session, [row.practitioner_id])
    session.execute(delete(Absence).where(Absence.appointment_id == row.id))
    try:
        guarded.change(session, row, status=Status.ARRIVED, checked_in_at=now, busy_from=row.busy_from)
    except guarded.Overlap as overlap:
        raise Conflict("visit_overlap" if overlap.rule == EX_PATIENT else "slot_taken") from None


def no_show(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    appointment_id: AppointmentId,
    reason: AbsenceReason | None = None,
) -> Appointment:
    """Note that the patient did not come, and why; staff decide. Raises Conflict("not_now")."""
    row = _decided_by_staff(session, actor, appointment_id)
    if not may_mark_noshow(row.status, row.starts_at, clock.now()):
        raise Conflict("not_now")
    guarded.change(session, row, status=Status.NOSHOW)
    if reason is not None:
        session.add(Absence(appointment_id=row.id, reason=reason, noted_at=clock.now()))
    _record(session, actor, clock, row, "appointment.noshow")
    publish(session, PatientMissed(appointment_id, patient_of(row), row.practitioner_id))
    return row


def fulfil(session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId) -> Appointment:
    """Note that a visit took place, as with a call, which no machine sees; a second time changes nothing.

    Staff decide, and take an absence back by it. Raises Conflict("not_now").
    """
    row = _decided_by_staff(session, actor, appointment_id)
    if row.status is Status.FULFILLED:
        return row
    if not may_mark_fulfilled(row.status, row.starts_at, clock.now()):
        raise Conflict("not_now")
    session.execute(delete(Absence).where(Absence.appointment_id == row.id))
    guarded.change(session, row, status=Status.FULFILLED)
    relations.after_arrival(session, actor=actor, clock=clock, visit=row)
    _record(session, actor, clock, row, "appointment.fulfil")
    publish(session, VisitFulfilled(appointment_id, patient_of(row), row.practitioner_id))
    return row


def _decided_by_staff(session: Session, actor: Actor, appointment_id: AppointmentId) -> Appointment:
    """Return a visit of which the actor says what became of it; raises NotFound, Denied."""
    row = concerned(session, actor, Permission.APPOINTMENT_ATTEND, appointment_id)
    if not is_treating(actor, {"practitioner_id": row.practitioner_id}):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    return row


def refuse_late(session: Session, actor: Actor, row: Appointment, now: datetime) -> None:
    """Raise Conflict: "not_open" for a settled visit, "too_late" with the moment until which it could be."""
    policy = get_service(session, row.service_id).policy
    if not policy.may_cancel(row.status, row.starts_at, now, by_staff=True):
        raise Conflict("not_open")
    facts = {"practitioner_id": row.practitioner_id, "patient_id": row.patient_id}
    by_staff = is_treating(actor, facts) and arranges(actor, facts)
    if not policy.may_cancel(row.status, row.starts_at, now, by_staff=by_staff):
        until = policy.change_until(row.starts_at)
        local = wall_text(to_wall(until, row.tz))
        raise Conflict("too_late", until=until.isoformat(), until_local=local, tz=row.tz)


def _record(session: Session, actor: Actor, clock: Clock, row: Appointment, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.patient_id,
        object_type="appointment",
        object_id=row.id,
    )
