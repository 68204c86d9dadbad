"""Why somebody comes: clinical words, open to the patient and, by consent, to the one who holds the visit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Purpose
from clinic.clock import Clock
from clinic.consent import services as consent
from clinic.errors import Refused
from clinic.ids import PatientId
from clinic.scheduling.models import Appointment
from clinic.vault import Vault

FIELD = "appointment.reason"


def reason_of(
    session: Session, *, actor: Actor, clock: Clock, vault: Vault, visit: Appointment
) -> str | None:
    """Return the visit's reason, or None where there is none or the reader may not see it."""
    if visit.reason_sealed is None or visit.patient_id is None:
        return None
    if actor.patient_id != visit.patient_id and not _cleared(session, actor, clock, vault, visit):
        return None
    return vault.fields.open(visit.patient_id, FIELD, visit.reason_sealed)


def _cleared(session: Session, actor: Actor, clock: Clock, vault: Vault, visit: Appointment) -> bool:
    """Ask for a clearance; a refusal closes the reason and not the visit, and is on record too."""
    if actor.practitioner_id is None or actor.practitioner_id != visit.practitioner_id:
        return False
    assert visit.patient_id is not None  # asked for above
    try:
        consent.clear(
            session,
            actor=actor,
            clock=clock,
            vault=vault,
            patient_id=PatientId(visit.patient_id),
            action=Action.READ,
            purpose=Purpose.TREATMENT,
            subject=consent.Subject("appointment", visit.id, verb="read_reason"),
        )
    except Refused as refusal:
        session.add(refusal.entry)
        return False
    return True
