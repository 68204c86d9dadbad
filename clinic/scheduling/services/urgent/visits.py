"""Place the visit that an urgent request leads to: while somebody is on call, or in their opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Invalid
from clinic.ids import AppointmentId, PractitionerId, ServiceId
from clinic.scheduling.events import AppointmentBooked
from clinic.scheduling.models import Appointment, UrgentRequest
from clinic.scheduling.policies import is_desk
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.queries.urgent_times import SoonTime, is_on_call, soon
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.urgent_requests import Outcome, RequestState
from clinic.scheduling.services import guarded, relations
from clinic.scheduling.services.making_way import Placing, make_way
from clinic.scheduling.services.planning import Wanted, plan, refuse_overlap
from clinic.scheduling.services.urgent.requests import concerned, settle, why_not


@dataclass(frozen=True, slots=True)
class SoonVisit:
    """When and how the patient is seen; `practitioner` is named by the desk, others see them themselves."""

    starts_at: datetime
    modality: Modality
    practitioner: PractitionerId | None = None


def times(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    request_id: UUID,
    modality: Modality,
    practitioner: PractitionerId | None,
) -> list[SoonTime]:
    """Return when the visit could be; raises as `place` does."""
    row, _ = concerned(session, actor, request_id, lock=False)
    who = _holder(actor, row, practitioner)
    return soon(session, get_service(session, row.service_id), who, modality, now=clock.now())


def place(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    appointment_id: AppointmentId,
    request_id: UUID,
    visit: SoonVisit,
) -> Appointment:
    """Book the visit and close the request with it.

    Raises NotFound, Conflict("not_claimed", "claimed_already", "request_closed"), and as booking does:
    Invalid("slot_not_offered"), Conflict("slot_taken", "visit_overlap").
    """
    row, may = concerned(session, actor, request_id)
    if row.state is not RequestState.CLAIMED or not may.close:
        raise Conflict(why_not(row))
    who = _holder(actor, row, visit.practitioner)
    wanted = Wanted(ServiceId(row.service_id), who, visit.starts_at, visit.modality, reserved=True)
    try:
        _take(session, actor, row, wanted, appointment_id, now=clock.now())
    except guarded.Overlap as overlap:
        refuse_overlap(session, overlap, wanted, now=clock.now(), by_staff=True)
    booked = session.get_one(Appointment, appointment_id)
    relations.after_booking(session, actor=actor, clock=clock, visit=booked)
    row.appointment_id = appointment_id
    settle(session, actor, clock, row, Outcome.VISIT)
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="appointment.book",
        patient_id=row.patient_id,
        object_type="appointment",
        object_id=appointment_id,
        reason="urgent",
    )
    publish(session, AppointmentBooked(appointment_id, row.patient_id, who))
    return booked


def _take(
    session: Session,
    actor: Actor,
    row: UrgentRequest,
    wanted: Wanted,
    appointment_id: AppointmentId,
    *,
    now: datetime,
) -> None:
    guarded.take_turns(session, row.patient_id)
    guarded.lock_schedules(session, [wanted.practitioner])
    service = get_service(session, wanted.service)
    # while on call neither hours nor horizon bind, but no visit goes over another
    beyond_hours = is_on_call(session, service, wanted.practitioner, wanted.starts_at)
    planned = plan(session, wanted, now=now, by_staff=True, forced=beyond_hours)
    placed = make_way(session, planned, Placing(actor.account_id, row.patient_id, now))
    made = {"created_by": actor.account_id, "created_at": now, "status": Status.BOOKED, "version": 1}
    guarded.place(session, {**placed, **made, "id": appointment_id, "patient_id": row.patient_id})


def _holder(actor: Actor, row: UrgentRequest, asked: PractitionerId | None) -> PractitionerId:
    """Return who holds the visit: oneself, or whom the desk names. Raises Denied, Invalid."""
    if not is_desk(actor, {}) and asked not in {None, actor.practitioner_id}:
        raise Denied("not_permitted")
    found = asked or row.claimed_practitioner_id or actor.practitioner_id
    if found is None:
        raise Invalid("invalid", errors={"practitioner": ["Say who sees the patient."]})
    return found
