"""Who somebody is by name, for lists and logs; names are opened from their seal here and nowhere kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.identity.models import Account, Patient, Practitioner
from clinic.ids import PatientId, PractitionerId
from clinic.vault import Vault


def patient_exists(session: Session, *, patient_id: PatientId) -> bool:
    """Tell whether there is such a patient."""
    return session.scalar(select(Patient.id).where(Patient.id == patient_id)) is not None


def practitioner_names(
    session: Session, *, practitioner_ids: Iterable[PractitionerId]
) -> Mapping[PractitionerId, str]:
    """Return the names of those practitioners that exist."""
    chosen = select(Practitioner.id, Practitioner.name).where(Practitioner.id.in_(set(practitioner_ids)))
    return {PractitionerId(practitioner_id): name for practitioner_id, name in session.execute(chosen)}


def account_names(session: Session, *, vault: Vault, account_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of those accounts that exist."""
    chosen = select(Account.id, Account.name_sealed).where(Account.id.in_(set(account_ids)))
    return {
        owner: vault.fields.open(owner, "account.name", sealed) for owner, sealed in session.execute(chosen)
    }
