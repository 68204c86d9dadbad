"""A patient's care team as the patient and the clinic see it: who, since when, and whether it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.identity.models import CareKind, RelationshipSource
from clinic.identity.services import names, relationships
from clinic.identity.services.patients import visible_patient
from clinic.ids import PatientId, PractitionerId


@dataclass(frozen=True, slots=True)
class Member:
    """One practitioner of a patient; `confirmed` when somebody else than they themselves vouches for it."""

    id: UUID
    practitioner: PractitionerId
    practitioner_name: str
    kind: CareKind
    since: datetime
    confirmed: bool


def care_team(session: Session, *, actor: Actor, clock: Clock, patient_id: PatientId) -> Sequence[Member]:
    """Return the practitioners of a patient, oldest first; raises NotFound or Refused."""
    visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="care_team.read")
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="care_team.read",
        patient_id=patient_id,
        object_type="patient",
        object_id=patient_id,
    )
    standing = [
        one for one in relationships.relationships(session, patient_id=patient_id) if one.ended_at is None
    ]
    called = names.practitioner_names(session, practitioner_ids=[one.practitioner_id for one in standing])
    return [_member(one, called[one.practitioner_id]) for one in standing]


def assign(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    patient_id: PatientId,
    practitioner_id: PractitionerId,
    kind: CareKind,
) -> Member:
    """Bring a practitioner in as a second person's act; raises NotFound, Refused or Invalid."""
    visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="care_team.assign")
    made = relationships.relate(
        session,
        actor=actor,
        clock=clock,
        patient_id=patient_id,
        practitioner_id=practitioner_id,
        kind=kind,
        source=RelationshipSource.ASSIGNMENT,
    )
    called = names.practitioner_names(session, practitioner_ids=[practitioner_id])
    return _member(made, called[practitioner_id])


def confirm(session: Session, *, actor: Actor, clock: Clock, relationship_id: UUID) -> Member:
    """Let the patient, or the desk, vouch for a relationship; raises NotFound or Denied."""
    made = relationships.confirm_relationship(
        session, actor=actor, clock=clock, relationship_id=relationship_id
    )
    called = names.practitioner_names(session, practitioner_ids=[made.practitioner_id])
    return _member(made, called[made.practitioner_id])


def _member(one: relationships.Relationship, name: str) -> Member:
    return Member(
        id=one.id,
        practitioner=one.practitioner_id,
        practitioner_name=name,
        kind=one.kind,
        since=one.since,
        confirmed=one.vouched_by is not None,
    )
