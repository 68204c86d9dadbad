"""Book a visit: at once, or out of a hold. Nothing but an offered time can be booked, and only once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Denied, Invalid, NotFound
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import AppointmentId, PatientId
from clinic.scheduling.events import AppointmentBooked
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import POLICIES, arranges, is_desk
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import guarded, overriding, reasons, relations
from clinic.scheduling.services.admission import admit
from clinic.scheduling.services.making_way import Placing, make_way
from clinic.scheduling.services.planning import Wanted, plan, refuse_overlap
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class Booking:
    """A visit to book: `patient` is given by staff, `reason` is in the patient's own words.

    `override` is why the desk books it although it clashes.
    """

    wanted: Wanted
    patient: PatientId | None = None
    hold: AppointmentId | None = None
    reason: str | None = None
    override: str | None = None


def book(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    appointment_id: AppointmentId,
    booking: Booking,
) -> Appointment:
    """Book and return the visit.

    Raises Invalid("slot_not_offered"), or Conflict("slot_taken" with alternatives, "visit_overlap", or
    "time_reserved" where staff have not said that they take a time that is kept for urgent requests),
    Refused where a practitioner books for somebody who is not in their care, and Denied where the service is
    not open to the patient or an override is not the actor's to give.
    """
    patient = _patient(session, actor, clock, booking)
    admit(session, actor=actor, patient=patient, wanted=booking.wanted)
    overriding.permit(actor, booking.override, patient=patient)
    values: dict[str, object] = {
        "id": appointment_id,
        "reason_sealed": fields.seal(patient, reasons.FIELD, booking.reason) if booking.reason else None,
        **overriding.columns(fields, patient, booking.override),
    }
    try:
        _take(session, actor, booking, patient, values, now=clock.now())
    except guarded.Overlap as overlap:
        by_staff = arranges(actor, {"patient_id": patient})
        refuse_overlap(session, overlap, booking.wanted, now=clock.now(), by_staff=by_staff)
    row = session.get_one(Appointment, appointment_id)
    relations.after_booking(session, actor=actor, clock=clock, visit=row)
    _record(session, actor, clock, row, patient, reserved=booking.wanted.reserved)
    overriding.record(session, actor=actor, clock=clock, visit=row, reason=booking.override)
    return row


def _patient(session: Session, actor: Actor, clock: Clock, booking: Booking) -> PatientId:
    """Return whom the visit is for; raises Invalid, Denied, NotFound or Refused."""
    patient = booking.patient or actor.patient_id
    if patient is None:
        raise Invalid("invalid", errors={"patient": ["Say whom the visit is for."]})
    facts = {"patient_id": patient, "practitioner_id": booking.wanted.practitioner}
    if not POLICIES[Permission.APPOINTMENT_BOOK](actor, facts):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    if not is_desk(actor, facts):
        visible_patient(session, actor=actor, clock=clock, patient_id=patient, action="appointment.book")
    if not patient_exists(session, patient_id=patient):
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})
    return patient


def _take(
    session: Session,
    actor: Actor,
    booking: Booking,
    patient: PatientId,
    values: dict[str, object],
    *,
    now: datetime,
) -> None:
    wanted, owner, forced = booking.wanted, actor.account_id, booking.override is not None
    guarded.take_turns(session, patient)
    guarded.lock_schedules(session, [wanted.practitioner])
    match = wanted.columns()
    if booking.hold and guarded.confirm(
        session, booking.hold, owner=owner, patient=patient, now=now, match=match, **values
    ):
        return
    by_staff = arranges(actor, {"patient_id": patient})
    planned = plan(session, wanted, now=now, by_staff=by_staff, forced=forced)
    placed = make_way(session, planned, Placing(owner, patient, now, forced=forced))
    created = {"patient_id": patient, "version": 1, "created_by": owner, "created_at": now}
    guarded.place(session, {**placed, **values, **created, "status": Status.BOOKED}, forced=forced)


def _record(
    session: Session, actor: Actor, clock: Clock, row: Appointment, patient: PatientId, *, reserved: bool
) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="appointment.book",
        patient_id=patient,
        object_type="appointment",
        object_id=row.id,
        reason="reserved" if reserved else None,
    )
    event = AppointmentBooked(AppointmentId(row.id), patient, row.practitioner_id)
    publish(session, event)
