"""Who may book what: some services are open to all, some to those who are referred, some to staff alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.errors import Denied
from clinic.identity.services.relationships import relationships
from clinic.ids import PatientId
from clinic.scheduling.models import Referral, Service
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.services.planning import Wanted


def admit(session: Session, *, actor: Actor, patient: PatientId | None, wanted: Wanted) -> None:
    """Let staff book anything, and patients what is open to them.

    Raises Denied("booked_by_staff"), or Denied("referral_needed") without a referral to the service and
    without a care relationship with the practitioner.
    """
    if actor.is_staff:
        return
    service = get_service(session, wanted.service)
    if service.booking_rule is BookingRule.STAFF:
        raise Denied("booked_by_staff")
    if service.booking_rule is BookingRule.REFERRAL and not _referred(session, service, patient, wanted):
        raise Denied("referral_needed")


def _referred(session: Session, service: Service, patient: PatientId | None, wanted: Wanted) -> bool:
    if patient is None:
        return False
    return _has_referral(session, service.id, patient) or any(
        one.practitioner_id == wanted.practitioner and one.ended_at is None
        for one in relationships(session, patient_id=patient)
    )


def _has_referral(session: Session, service: UUID, patient: PatientId) -> bool:
    found = select(Referral.id).where(Referral.patient_id == patient, Referral.service_id == service)
    return session.scalar(found) is not None
