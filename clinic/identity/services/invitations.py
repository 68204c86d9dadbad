"""Staff come in by invitation: the clinic's administration names address and role, they set the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import STAFF, Actor
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid, NotFound
from clinic.identity import queries
from clinic.identity.models import Account, AccountStatus, OneTimeToken, Practitioner, TokenKind
from clinic.identity.rules.contacts import email_key
from clinic.identity.rules.roles import TREATING
from clinic.identity.services import tokens
from clinic.identity.services.accounts import (
    NewAccount,
    add_account,
    as_actor,
    record,
    renew,
    reserve_address,
)
from clinic.ids import AccountId, new_id
from clinic.notifications.services import enqueue, to_account
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class Invitation:
    """A token that is on its way, and until when it is good."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What patients are told of somebody who treats; None leaves what they are told already."""

    profession: str | None = None
    gender: str | None = None
    languages: tuple[str, ...] | None = None
    specialties: tuple[str, ...] | None = None

    def put_on(self, row: Practitioner) -> None:
        """Say it of `row`."""
        row.profession = self.profession or row.profession
        row.gender = self.gender or row.gender
        row.languages = list(self.languages or row.languages)
        row.specialties = row.specialties if self.specialties is None else list(self.specialties)


def several(given: list[str] | None) -> tuple[str, ...] | None:
    """Return a list of codes as a `Profile` takes it; None says nothing."""
    return None if given is None else tuple(given)


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
    account = _account_for(session, actor, clock, fields, wanted)
    if not TREATING.isdisjoint(wanted.roles):
        make_practitioner(session, account, clock=clock, fields=fields)
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
    if any(entry.role in TREATING for entry in account.roles):
        profile.put_on(make_practitioner(session, account, clock=clock, fields=fields))
    record(session, actor=as_actor(account), clock=clock, action="account.accept", account_id=account.id)
    return account_id


def make_practitioner(session: Session, account: Account, *, clock: Clock, fields: Fields) -> Practitioner:
    """Return the practitioner that `account` is, known to patients by name; made where there was none."""
    found = session.scalars(select(Practitioner).where(Practitioner.account_id == account.id)).one_or_none()
    row = found or Practitioner(
        id=new_id(),
        account_id=account.id,
        profession="therapist",
        gender="unspecified",
        languages=[account.language],
        specialties=[],
        created_at=clock.now(),
    )
    row.name = fields.open(account.id, "account.name", account.name_sealed)
    session.add(row)
    session.flush()
    return row


def _account_for(session: Session, actor: Actor, clock: Clock, fields: Fields, wanted: NewAccount) -> Account:
    """Return the account to invite: a new one, or that of who has not answered, as it is wanted now.

    Raises Invalid or Conflict where none may be invited.
    """
    if not wanted.roles or not STAFF.issuperset(wanted.roles):
        raise Invalid("invalid", errors={"role": ["Patients register; they are not invited."]})
    index = fields.index("email", email_key(wanted.email))
    reserve_address(session, index=index)
    account = queries.account_by_email(session, index=index)
    if account is None:
        account = add_account(
            session,
            clock=clock,
            fields=fields,
            wanted=wanted,
            status=AccountStatus.INVITED,
            granted_by=actor.account_id,
        )
        account.made(by=actor.account_id, at=clock.now())
        return account
    if account.status is not AccountStatus.INVITED:
        raise Conflict("email_taken")
    tokens.void(session, clock=clock, kind=TokenKind.INVITATION, account_id=account.id)
    renew(account, clock=clock, fields=fields, wanted=wanted, granted_by=actor.account_id)
    account.changed(by=actor.account_id, at=clock.now())
    return account
