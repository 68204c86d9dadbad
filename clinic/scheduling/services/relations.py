"""What booking and coming mean for the care relationship (decision 10b); identity keeps it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.identity.services import relationships
from clinic.ids import PatientId, PractitionerId
from clinic.scheduling.models import Appointment


def after_booking(session: Session, *, actor: Actor, clock: Clock, visit: Appointment) -> None:
    """Relate patient and practitioner; the practitioner's own booking opens nothing yet."""
    if visit.patient_id is None:
        return
    relationships.relate(
        session,
        actor=actor,
        clock=clock,
        patient_id=PatientId(visit.patient_id),
        practitioner_id=PractitionerId(visit.practitioner_id),
    )


def after_arrival(session: Session, *, actor: Actor, clock: Clock, visit: Appointment) -> None:
    """Let the patient's coming, or the desk's word for it, confirm the relationship."""
    if actor.patient_id is not None and actor.patient_id == visit.patient_id:
        relationships.confirm_attendance(
            session, actor=actor, clock=clock, practitioner_id=PractitionerId(visit.practitioner_id)
        )
    else:
        after_booking(session, actor=actor, clock=clock, visit=visit)
