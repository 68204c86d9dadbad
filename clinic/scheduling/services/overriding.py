"""Booking over what is in the way: only by the desk, only with a reason, and on record."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Denied
from clinic.ids import PatientId
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import POLICIES, arranges, is_treating
from clinic.vault.fields import Fields

FIELD = "appointment.override_reason"


def permit(actor: Actor, reason: str | None, *, patient: UUID | None) -> None:
    """Raise Denied("not_permitted") where somebody overrides who may not, or does for themselves."""
    allowed = POLICIES[Permission.APPOINTMENT_OVERRIDE](actor, {}) and arranges(
        actor, {"patient_id": patient}
    )
    if reason is not None and not allowed:
        raise Denied("not_permitted")


def columns(fields: Fields, patient: PatientId, reason: str | None) -> dict[str, object]:
    """Return the reason, sealed, as a column of the visit; a visit that is placed plainly has none."""
    return {"override_reason_sealed": None if reason is None else fields.seal(patient, FIELD, reason)}


def record(session: Session, *, actor: Actor, clock: Clock, visit: Appointment, reason: str | None) -> None:
    """Put the override on record, beside the booking or the move; its words stay with the visit."""
    if reason is None:
        return
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="appointment.override",
        patient_id=visit.patient_id,
        object_type="appointment",
        object_id=visit.id,
        reason="overlap" if visit.overbook_of else "outside_hours",
    )


def reason_of(actor: Actor, fields: Fields, visit: Appointment) -> str | None:
    """Return why the visit was booked over others, for the desk and its practitioner, else None."""
    if visit.override_reason_sealed is None or visit.patient_id is None:
        return None
    if not is_treating(actor, {"practitioner_id": visit.practitioner_id}):
        return None
    return fields.open(visit.patient_id, FIELD, visit.override_reason_sealed)
