"""Those who work here, as the clinic's administration sees them: roles, state, what patients are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import STAFF, Actor, Role
from clinic.clock import Clock
from clinic.errors import NotFound
from clinic.identity import queries
from clinic.identity.models import Account, AccountStatus, Practitioner
from clinic.identity.services.names import NamedChange, change_words
from clinic.ids import AccountId, PractitionerId
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class PublicProfile:
    """What patients are told of somebody who treats."""

    practitioner: PractitionerId
    profession: str
    gender: str
    languages: list[str]
    specialties: list[str]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here; `profile` is None for who does not treat."""

    id: AccountId
    name: str
    email: str
    language: str
    status: AccountStatus
    roles: list[Role]
    profile: PublicProfile | None
    version: int
    changed: NamedChange


def list_staff(session: Session, *, actor: Actor, clock: Clock, vault: Vault) -> list[Colleague]:
    """Return everybody who works here or has been invited or shut out, oldest first."""
    audit.record(session, actor=actor, clock=clock, action="staff.list")
    return _colleagues(session, vault, queries.staff(session))


def read_colleague(
    session: Session, *, actor: Actor, clock: Clock, vault: Vault, account_id: UUID
) -> Colleague:
    """Return one of them; raises NotFound."""
    row = find(session, account_id)
    audit.record(
        session, actor=actor, clock=clock, action="staff.read", object_type="account", object_id=row.id
    )
    return colleague(session, vault, row)


def colleague(session: Session, vault: Vault, row: Account) -> Colleague:
    """Return `row` as its colleagues see it."""
    return _colleagues(session, vault, [row])[0]


def find(session: Session, account_id: UUID, *, lock: bool = False) -> Account:
    """Return the account of somebody who works here; raises NotFound for anybody else's."""
    row = session.get(Account, account_id, with_for_update=lock)
    if row is None or STAFF.isdisjoint(entry.role for entry in row.roles):
        raise NotFound
    return row


def _colleagues(session: Session, vault: Vault, rows: Sequence[Account]) -> list[Colleague]:
    chosen = select(Practitioner).where(Practitioner.account_id.in_([row.id for row in rows]))
    treating = {row.account_id: row for row in session.scalars(chosen)}
    changes = change_words(session, vault=vault, changes=[row.change for row in rows])
    return [
        _colleague(row, treating.get(row.id), changed, vault)
        for row, changed in zip(rows, changes, strict=True)
    ]


def _colleague(row: Account, treating: Practitioner | None, changed: NamedChange, vault: Vault) -> Colleague:
    sealed = row.email_sealed
    return Colleague(
        id=AccountId(row.id),
        name=vault.fields.open(row.id, "account.name", row.name_sealed),
        email=vault.fields.open(row.id, "account.email", sealed) if sealed else "",
        language=row.language,
        status=row.status,
        roles=sorted(entry.role for entry in row.roles if entry.role in STAFF),
        profile=None if treating is None else _public(treating),
        version=row.version,
        changed=changed,
    )


def _public(row: Practitioner) -> PublicProfile:
    return PublicProfile(
        practitioner=PractitionerId(row.id),
        profession=row.profession,
        gender=row.gender,
        languages=row.languages,
        specialties=row.specialties,
    )
