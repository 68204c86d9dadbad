"""Referrals: staff open a service to a patient who could not book it alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import PatientId, ServiceId
from clinic.scheduling.models import Referral
from clinic.scheduling.policies import is_desk
from clinic.scheduling.queries import services
from clinic.scheduling.queries.services import get_service
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class Referred:
    """A service that is open to a patient by referral."""

    id: UUID
    service: ServiceId
    service_name: str
    entered_at: datetime


def enter(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    patient_id: PatientId,
    service_id: ServiceId,
    referral_id: UUID,
) -> None:
    """Open a service to a patient.

    Raises NotFound or Refused for a patient who is none of the actor's, Invalid for a service that there is
    not, and Conflict("already_referred").
    """
    _check(session, actor, clock, patient_id)
    get_service(session, service_id)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Referral).values(
        id=referral_id,
        patient_id=patient_id,
        service_id=service_id,
        entered_by=actor.account_id,
        entered_at=clock.now(),
    )
    if session.scalar(statement.on_conflict_do_nothing().returning(Referral.id)) is None:
        raise Conflict("already_referred")
    _record(session, actor, clock, session.get_one(Referral, referral_id), "referral.enter")


def withdraw(
    session: Session, *, actor: Actor, clock: Clock, patient_id: PatientId, referral_id: UUID
) -> None:
    """Close a service to a patient again; visits that are booked stay. Raises NotFound or Refused."""
    _check(session, actor, clock, patient_id)
    row = session.get(Referral, referral_id)
    if row is None or row.patient_id != patient_id:
        raise NotFound
    session.delete(row)
    session.flush()
    _record(session, actor, clock, row, "referral.withdraw")


def referrals(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, language: str, patient_id: PatientId
) -> Sequence[Referred]:
    """Return what a patient is referred to, oldest first; the reading is on record."""
    _check(session, actor, clock, patient_id)
    words = services.names(session, fields=fields, language=language)
    rows = session.scalars(
        select(Referral).where(Referral.patient_id == patient_id).order_by(Referral.entered_at, Referral.id)
    ).all()
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="referral.list",
        patient_id=patient_id,
        object_type="patient",
        object_id=patient_id,
    )
    return [Referred(row.id, row.service_id, words[row.service_id], row.entered_at) for row in rows]


def _check(session: Session, actor: Actor, clock: Clock, patient_id: PatientId) -> None:
    if not is_desk(actor, {}):
        visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="referral.enter")
    elif not patient_exists(session, patient_id=patient_id):
        raise NotFound


def _record(session: Session, actor: Actor, clock: Clock, row: Referral, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.patient_id,
        object_type="referral",
        object_id=row.id,
    )
