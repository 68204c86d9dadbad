"""Staff come in by invitation: the clinic's administration names address and role, they set the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import STAFF, Actor, Role
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid, NotFound
from clinic.identity import queries
from clinic.identity.models import Account, AccountStatus, OneTimeToken, Practitioner, TokenKind
from clinic.identity.rules.contacts import email_key
from clinic.identity.services import tokens
from clinic.identity.services.accounts import NewAccount, add_account, as_actor, record, reserve_address
from clinic.ids import AccountId, new_id
from clinic.notifications.services import enqueue, to_account
from clinic.vault.fields import Fields

_TREATING = frozenset({Role.PRACTITIONER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Invitation:
    """A token that is on its way, and until when it is good."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What patients are told of somebody who treats."""

    profession: str
    gender: str
    languages: tuple[str, ...]
    specialties: tuple[str, ...]


def invite(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    secret: bytes,
    id: UUID,
    wanted: NewAccount,
) -> Invitation:
    """Invite somebody to work here, anew if they have not answered yet.

    Raises Invalid for a role that is not one of staff and Conflict for an address that has an account.
    """
    _make_way(session, fields, wanted)
    account = add_account(
        session,
        clock=clock,
        fields=fields,
        wanted=wanted,
        status=AccountStatus.INVITED,
        granted_by=actor.account_id,
    )
    row = tokens.issue(
        session, clock=clock, secret=secret, kind=TokenKind.INVITATION, account_id=account.id, id=id
    )
    enqueue(
        session,
        clock=clock,
        kind="identity.invitation",
        recipient=to_account(account.id),
        ids={"token": row.id},
    )
    roles = ",".join(sorted(wanted.roles))
    record(session, actor=actor, clock=clock, action="account.invite", account_id=account.id, reason=roles)
    return Invitation(row.id, row.expires_at)


def read_invitation(session: Session, *, id: UUID) -> Invitation:
    """Return an invitation that was made before; raises NotFound."""
    row = session.get(OneTimeToken, id)
    if row is None or row.kind is not TokenKind.INVITATION:
        raise NotFound
    return Invitation(row.id, row.expires_at)


def accept(
    session: Session, *, clock: Clock, fields: Fields, token: str, password_hash: str, profile: Profile
) -> AccountId:
    """Let who was invited sign in from now on; who treats becomes known to patients by `profile`."""
    account_id = tokens.redeem(session, clock=clock, kind=TokenKind.INVITATION, token=token)
    account = session.get_one(Account, account_id)
    if account.status is not AccountStatus.INVITED:
        raise tokens.invalid()
    account.status, account.password_hash = AccountStatus.ACTIVE, password_hash
    if any(entry.role in _TREATING for entry in account.roles):
        session.add(_practitioner(account, clock, fields, profile))
    record(session, actor=as_actor(account), clock=clock, action="account.accept", account_id=account.id)
    return account_id


def _practitioner(account: Account, clock: Clock, fields: Fields, profile: Profile) -> Practitioner:
    return Practitioner(
        id=new_id(),
        account_id=account.id,
        name=fields.open(account.id, "account.name", account.name_sealed),
        profession=profile.profession,
        gender=profile.gender,
        languages=list(profile.languages) or [account.language],
        specialties=list(profile.specialties),
        created_at=clock.now(),
    )


def _make_way(session: Session, fields: Fields, wanted: NewAccount) -> None:
    """Take back an invitation that was not answered; raises Invalid or Conflict where none may be made."""
    if not STAFF.issuperset(wanted.roles):
        raise Invalid("invalid", errors={"role": ["Patients register; they are not invited."]})
    index = fields.index("email", email_key(wanted.email))
    reserve_address(session, index=index)
    account = queries.account_by_email(session, index=index)
    if account is None:
        return
    if account.status is not AccountStatus.INVITED:
        raise Conflict("email_taken")
    for row in session.scalars(select(OneTimeToken).where(OneTimeToken.account_id == account.id)):
        session.delete(row)
    session.flush()
    session.delete(account)
    session.flush()
