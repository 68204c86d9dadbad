"""Who somebody is by name, for lists and logs; names are opened from their seal here and nowhere kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.db.edited import Change
from clinic.identity.models import Account, Patient, Practitioner
from clinic.ids import PatientId, PractitionerId
from clinic.vault import Vault


def patient_exists(session: Session, *, patient_id: PatientId) -> bool:
    """Tell whether there is such a patient."""
    return session.scalar(select(Patient.id).where(Patient.id == patient_id)) is not None


def patient_names(session: Session, *, vault: Vault, patient_ids: Iterable[UUID]) -> Mapping[PatientId, str]:
    """Return the names of those patients that exist: the one they prefer, where they have said one."""
    chosen = select(Patient.id, Patient.preferred_name_sealed, Patient.name_sealed)
    rows = session.execute(chosen.where(Patient.id.in_(set(patient_ids))))
    return {
        PatientId(owner): vault.fields.open(owner, "patient.preferred_name", preferred)
        if preferred is not None
        else vault.fields.open(owner, "patient.name", sealed)
        for owner, preferred, sealed in rows
    }


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


@dataclass(frozen=True, slots=True)
class NamedChange:
    """Who changed a document last, by name, and when; None where nobody is known to have."""

    by: str | None
    at: datetime | None


def change_words(session: Session, *, vault: Vault, changes: Sequence[Change]) -> list[NamedChange]:
    """Return the changes with the names of those who made them."""
    who = {change.by for change in changes if change.by is not None}
    names = account_names(session, vault=vault, account_ids=who) if who else {}
    return [NamedChange(names.get(change.by) if change.by else None, change.at) for change in changes]
