"""Who somebody is, as pages greet them: the name is opened for its owner."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic.access.actor import Actor, Role
from clinic.identity.models import Account
from clinic.ids import AccountId, PatientId, PractitionerId
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in."""

    id: AccountId
    name: str
    roles: list[Role]
    patient_id: PatientId | None
    practitioner_id: PractitionerId | None
    language: str
    tz: str


def user_of(session: Session, *, actor: Actor, fields: Fields) -> User:
    """Return the actor as a person with a name."""
    account = session.get_one(Account, actor.account_id)
    return User(
        id=actor.account_id,
        name=fields.open(account.id, "account.name", account.name_sealed),
        roles=sorted(actor.roles),
        patient_id=actor.patient_id,
        practitioner_id=actor.practitioner_id,
        language=account.language,
        tz=account.tz,
    )
