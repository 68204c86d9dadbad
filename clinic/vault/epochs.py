"""The consent epoch: bumped in the transaction that changes a consent, re-read before anything is opened."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic.vault.models import PatientEpoch


def epoch(session: Session, patient_id: UUID) -> int:
    """Return the patient's epoch as the database has it now; 0 before the first change."""
    found = session.scalar(select(PatientEpoch.epoch).where(PatientEpoch.patient_id == patient_id))
    return found or 0


def bump_epoch(session: Session, patient_id: UUID) -> int:
    """Void every clearance of the patient, once the transaction commits; return the new epoch."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(PatientEpoch).values(patient_id=patient_id, epoch=1)
    next_one = first.on_conflict_do_update(
        index_elements=[PatientEpoch.patient_id], set_={"epoch": PatientEpoch.epoch + 1}
    )
    return session.scalars(next_one.returning(PatientEpoch.epoch)).one()
