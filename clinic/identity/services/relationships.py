"""Care relationships: who treats whom, and who vouches for it (decision 10b).

Only the patient and the front desk vouch, and never the practitioner for themselves. Until one of them
does, by confirming, assigning or coming to the visit, a relationship opens nothing but the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import Denied, Invalid, NotFound
from clinic.identity.models import CareKind, CareRelationship, Patient, Practitioner, RelationshipSource
from clinic.ids import AccountId, PatientId, PractitionerId, new_id


@dataclass(frozen=True, slots=True)
class Relationship:
    """One care relationship as it stands; `vouched_by` is who assigned or confirmed it, if anyone."""

    id: UUID
    patient_id: PatientId
    practitioner_id: PractitionerId
    kind: CareKind
    created_by: AccountId
    vouched_by: AccountId | None
    since: datetime
    ended_at: datetime | None

    @property
    def treats(self) -> bool:
        """Tell whether this practitioner treats the patient, rather than covers or supervises."""
        return self.kind is CareKind.TREATING


def relationships(session: Session, *, patient_id: PatientId) -> Sequence[Relationship]:
    """Return a patient's care relationships, those that have ended included, oldest first."""
    rows = session.scalars(
        select(CareRelationship)
        .where(CareRelationship.patient_id == patient_id)
        .order_by(CareRelationship.created_at, CareRelationship.id)
    )
    return [_relationship(row) for row in rows]


def relate(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    patient_id: PatientId,
    practitioner_id: PractitionerId,
    kind: CareKind = CareKind.TREATING,
    source: RelationshipSource = RelationshipSource.BOOKING,
) -> Relationship:
    """Make sure that the relationship stands, and vouch for it where the actor may.

    Raises Invalid for a patient or practitioner that does not exist.
    """
    _check_both_exist(session, patient_id, practitioner_id)
    begun = {"source": source, "created_by": actor.account_id, "created_at": clock.now()}
    key = {"patient_id": patient_id, "practitioner_id": practitioner_id, "kind": kind}
    added = _added(session, {"id": new_id(), **key, **begun})
    found = select(CareRelationship).filter_by(**key).with_for_update()
    row = session.scalars(found.execution_options(populate_existing=True)).one()
    if row.ended_at is not None:
        row.source, row.created_by, row.created_at = source, actor.account_id, clock.now()
        row.confirmed_by = row.confirmed_at = row.ended_at = None
        added = True
    if added:
        _record(session, actor, clock, row, "care_team.assign")
    return _vouch(session, row, actor, clock)


def confirm_relationship(
    session: Session, *, actor: Actor, clock: Clock, relationship_id: UUID
) -> Relationship:
    """Vouch for a relationship; raises NotFound, or Denied when the actor would vouch for themselves.

    Patients confirm their own only, the desk anybody's; to others it is absent.
    """
    row = session.get(CareRelationship, relationship_id, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None:
        raise NotFound()
    if _is_own(session, row, actor):
        raise Denied("own_relationship")
    if not _may_vouch(session, row, actor):
        raise NotFound()
    return _vouch(session, row, actor, clock)


def confirm_attendance(
    session: Session, *, actor: Actor, clock: Clock, practitioner_id: PractitionerId
) -> None:
    """Let a patient's check-in or joining confirm what there is with this practitioner."""
    rows = session.scalars(
        select(CareRelationship).where(
            CareRelationship.patient_id == actor.patient_id,
            CareRelationship.practitioner_id == practitioner_id,
            CareRelationship.ended_at.is_(None),
        )
    )
    for row in rows:
        _vouch(session, row, actor, clock)


def let_in(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    patient_id: PatientId,
    practitioner_id: PractitionerId,
) -> None:
    """Vouch for all that stands with this practitioner; where nothing does, bring them in as covering."""
    standing = {
        one.kind
        for one in relationships(session, patient_id=patient_id)
        if one.practitioner_id == practitioner_id and one.ended_at is None
    }
    for kind in sorted(standing or {CareKind.COVERING}):
        relate(
            session,
            actor=actor,
            clock=clock,
            patient_id=patient_id,
            practitioner_id=practitioner_id,
            kind=kind,
            source=RelationshipSource.ASSIGNMENT,
        )


def _relationship(row: CareRelationship) -> Relationship:
    return Relationship(
        id=row.id,
        patient_id=PatientId(row.patient_id),
        practitioner_id=PractitionerId(row.practitioner_id),
        kind=row.kind,
        created_by=AccountId(row.created_by),
        vouched_by=None if row.confirmed_by is None else AccountId(row.confirmed_by),
        since=row.created_at,
        ended_at=row.ended_at,
    )


def _check_both_exist(session: Session, patient_id: PatientId, practitioner_id: PractitionerId) -> None:
    if session.get(Patient, patient_id) is None:
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})
    if session.get(Practitioner, practitioner_id) is None:
        raise Invalid("invalid", errors={"practitioner": ["There is no such practitioner."]})


def _added(session: Session, values: dict[str, object]) -> bool:
    """Insert a relationship unless there is one of its kind; of two at once, one waits for the other."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(CareRelationship).values(**values)
    return session.scalar(insert.on_conflict_do_nothing().returning(CareRelationship.id)) is not None


def _is_own(session: Session, row: CareRelationship, actor: Actor) -> bool:
    """Tell whether the actor is the practitioner of this relationship."""
    practitioner = session.get_one(Practitioner, row.practitioner_id)
    return practitioner.account_id == actor.account_id


def _may_vouch(session: Session, row: CareRelationship, actor: Actor) -> bool:
    """Tell whether the actor is the patient or the desk, and not the practitioner of the relationship."""
    known = actor.patient_id == row.patient_id or actor.has(Role.RECEPTION, Role.CLINIC_ADMIN)
    return known and not _is_own(session, row, actor)


def _vouch(session: Session, row: CareRelationship, actor: Actor, clock: Clock) -> Relationship:
    """Set the voucher where there is none yet and the actor may be it."""
    if row.confirmed_at is None and _may_vouch(session, row, actor):
        row.confirmed_by, row.confirmed_at = actor.account_id, clock.now()
        _record(session, actor, clock, row, "care_team.confirm")
    return _relationship(row)


def _record(session: Session, actor: Actor, clock: Clock, row: CareRelationship, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.patient_id,
        object_type="care_relationship",
        object_id=row.id,
    )
