"""Cancel, move, check in, note an absence: each one guarded update of a visit as it was read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, NotFound
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.events import (
    AppointmentCancelled,
    AppointmentMoved,
    PatientCheckedIn,
    PatientMissed,
)
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import POLICIES, is_treating
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.booking import Status, may_check_in, may_mark_noshow
from clinic.scheduling.services import guarded, relations
from clinic.scheduling.services.planning import Wanted, plan, refuse_overlap
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
) -> Appointment:
    """Call a visit off; raises Conflict("too_late") past the notice, ("not_open") when it is settled."""
    row = concerned(session, actor, Permission.APPOINTMENT_CANCEL, appointment_id)
    _refuse_late(session, actor, row, clock.now())
    sealed = fields.seal(_patient(row), CANCEL_REASON, reason) if reason else None
    guarded.change(session, row, status=Status.CANCELLED, cancel_reason_sealed=sealed)
    _record(session, actor, clock, row, "appointment.cancel")
    publish(session, AppointmentCancelled(appointment_id, _patient(row), row.practitioner_id))
    return row


def reschedule(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    appointment_id: AppointmentId,
    starts_at: datetime,
    practitioner: PractitionerId | None,
) -> Appointment:
    """Move a visit in one update, so that the old time is free only when the new one is taken.

    Raises as `cancel` and `book` do. Practitioners move within their own diary.
    """
    row, now = concerned(session, actor, Permission.APPOINTMENT_MOVE, appointment_id), clock.now()
    facts = {"patient_id": row.patient_id, "practitioner_id": practitioner or row.practitioner_id}
    if not POLICIES[Permission.APPOINTMENT_MOVE](actor, facts):
        raise Denied("not_permitted")
    _refuse_late(session, actor, row, now)
    wanted = Wanted(row.service_id, practitioner or row.practitioner_id, starts_at, row.modality)
    planned = plan(session, wanted, now=now, by_staff=actor.is_staff)
    guarded.lock_schedules(session, {row.practitioner_id, wanted.practitioner})
    guarded.give_up_holds(
        session,
        practitioner=wanted.practitioner,
        patient=row.patient_id,
        busy=planned.busy,
        owner=actor.account_id,
        now=now,
    )
    try:
        guarded.change(session, row, **planned.columns(), status=Status.BOOKED, checked_in_at=None)
    except guarded.Overlap as overlap:
        refuse_overlap(session, overlap, wanted, now=now, by_staff=actor.is_staff)
    relations.after_booking(session, actor=actor, clock=clock, visit=row)
    _record(session, actor, clock, row, "appointment.move")
    publish(session, AppointmentMoved(appointment_id, _patient(row), row.practitioner_id, row.version))
    return row


def check_in(session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId) -> Appointment:
    """Note that the patient has arrived; a second time changes nothing. Raises Conflict("not_now")."""
    row, now = concerned(session, actor, Permission.APPOINTMENT_ATTEND, appointment_id), clock.now()
    if row.checked_in_at is not None and row.status is Status.ARRIVED:
        return row
    if not may_check_in(row.status, row.starts_at, row.ends_at, now):
        raise Conflict("not_now")
    guarded.change(session, row, status=Status.ARRIVED, checked_in_at=now)
    relations.after_arrival(session, actor=actor, clock=clock, visit=row)
    _record(session, actor, clock, row, "appointment.check_in")
    publish(session, PatientCheckedIn(appointment_id, _patient(row), row.practitioner_id))
    return row


def no_show(session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId) -> Appointment:
    """Note that the patient did not come; staff decide. Raises Conflict("not_now")."""
    row = concerned(session, actor, Permission.APPOINTMENT_ATTEND, appointment_id)
    if not is_treating(actor, {"practitioner_id": row.practitioner_id}):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    if not may_mark_noshow(row.status, row.starts_at, clock.now()):
        raise Conflict("not_now")
    guarded.change(session, row, status=Status.NOSHOW)
    _record(session, actor, clock, row, "appointment.noshow")
    publish(session, PatientMissed(appointment_id, _patient(row), row.practitioner_id))
    return row


def concerned(session: Session, actor: Actor, permission: Permission, appointment_id: UUID) -> Appointment:
    """Return the visit; raises NotFound where it is none of the actor's concern."""
    row = session.get(Appointment, appointment_id)
    if row is None or row.patient_id is None or row.status in {Status.HELD, Status.EXPIRED}:
        raise NotFound
    facts = {"patient_id": row.patient_id, "practitioner_id": row.practitioner_id}
    if not POLICIES[permission](actor, facts):
        raise NotFound
    return row


def _refuse_late(session: Session, actor: Actor, row: Appointment, now: datetime) -> None:
    policy = get_service(session, row.service_id).policy
    if not policy.may_cancel(row.status, row.starts_at, now, by_staff=True):
        raise Conflict("not_open")
    by_staff = is_treating(actor, {"practitioner_id": row.practitioner_id})
    if not policy.may_cancel(row.status, row.starts_at, now, by_staff=by_staff):
        raise Conflict("too_late")


def _patient(row: Appointment) -> PatientId:
    assert row.patient_id is not None  # the database holds: only holds and groups have none
    return PatientId(row.patient_id)


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
