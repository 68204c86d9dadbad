"""Who may book what: some services are open to all, some to those who are referred, some to staff alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.errors import Denied
from clinic.identity.services.relationships import relationships
from clinic.ids import PatientId, PractitionerId, ServiceId
from clinic.scheduling.models import Referral, Service
from clinic.scheduling.policies import arranges
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.services.planning import Wanted


def admit(session: Session, *, actor: Actor, patient: PatientId | None, wanted: Wanted) -> None:
    """Let staff book anything for others, and patients what is open to them; raises as `admit_to` does."""
    admit_to(session, actor=actor, patient=patient, service=wanted.service, practitioner=wanted.practitioner)


def admit_to(
    session: Session,
    *,
    actor: Actor,
    patient: PatientId | None,
    service: ServiceId,
    practitioner: PractitionerId | None,
) -> None:
    """Let patients come to what is open to them, with `practitioner` or with None anybody.

    Raises Denied("booked_by_staff"), or Denied("referral_needed") without a referral to the service and
    without a care relationship with the practitioner.
    """
    if arranges(actor, {"patient_id": patient}):
        return
    found = get_service(session, service)
    if found.booking_rule is BookingRule.STAFF:
        raise Denied("booked_by_staff")
    if found.booking_rule is BookingRule.REFERRAL and not _referred(session, found, patient, practitioner):
        raise Denied("referral_needed")


def _referred(
    session: Session, service: Service, patient: PatientId | None, practitioner: PractitionerId | None
) -> bool:
    if patient is None:
        return False
    return _has_referral(session, service.id, patient) or any(
        one.practitioner_id == practitioner and one.ended_at is None
        for one in relationships(session, patient_id=patient)
    )


def _has_referral(session: Session, service: UUID, patient: PatientId) -> bool:
    found = select(Referral.id).where(Referral.patient_id == patient, Referral.service_id == service)
    return session.scalar(found) is not None
