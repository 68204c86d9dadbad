"""Patients who register themselves; whoever asks learns nothing about who is known to the clinic.

Known or not, the same rows are written in the same order, and what happened is told to the address alone.
Where an address is registered twice before anybody verified, nobody can tell which of the two reads its
mail: neither password counts then, and the letter lets its reader choose one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, select
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM, Role
from clinic.clock import Clock
from clinic.identity import queries
from clinic.identity.models import Account, AccountRole, AccountStatus, OneTimeToken, Patient, TokenKind
from clinic.identity.rules.contacts import email_key
from clinic.identity.services import tokens
from clinic.identity.services.accounts import NewAccount, add_account, as_actor, record, reserve_address
from clinic.identity.services.registry import Contacts, register_patient
from clinic.ids import new_id
from clinic.notifications.services import enqueue, to_account
from clinic.vault.fields import Fields

KEPT_UNVERIFIED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody says about themselves; the address has been checked for its form."""

    email: str
    name: str
    language: str
    tz: str
    birth_date: date | None


def register(
    session: Session, *, clock: Clock, fields: Fields, secret: bytes, wanted: Registration, password_hash: str
) -> None:
    """Register a patient until they verify; an account that exists is told by mail that it does."""
    index = fields.index("email", email_key(wanted.email))
    reserve_address(session, index=index)
    _forget_unverified(session, and_(Account.email_index == index, ~_awaited(clock)))
    known = queries.account_by_email(session, index=index)
    with session.begin_nested() as step:
        own = wanted if known is None else replace(wanted, email=f"{new_id()}@unused.invalid")
        account = _add(session, clock, fields, own, password_hash)
        token = tokens.issue(
            session, clock=clock, secret=secret, kind=TokenKind.VERIFICATION, account_id=account.id
        )
        if known is not None:
            step.rollback()
    if known is None:
        kind, recipient, ids = "identity.verification", to_account(account.id), {"token": token.id}
    elif known.status is AccountStatus.UNVERIFIED:
        token_id = _leave_to_the_reader(session, clock, secret, known)
        kind, recipient, ids = "identity.registered_again", to_account(known.id), {"token": token_id}
    else:
        kind, recipient, ids = "identity.already_registered", to_account(known.id), {}
    enqueue(session, clock=clock, kind=kind, recipient=recipient, ids=ids)
    record(session, actor=SYSTEM, clock=clock, action="account.register", account_id=recipient.id)


def _awaited(clock: Clock) -> ColumnElement[bool]:
    """Tell whether a letter is on its way that an account can still be verified with."""
    good = (OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > clock.now())
    return exists().where(OneTimeToken.account_id == Account.id, *good).correlate(Account)


def _leave_to_the_reader(session: Session, clock: Clock, secret: bytes, account: Account) -> UUID:
    """Let nobody's password count but the one that the reader of the next letter chooses."""
    account.password_hash = None
    tokens.void(session, clock=clock, kind=TokenKind.VERIFICATION, account_id=account.id)
    kind = TokenKind.PASSWORD_RESET
    return tokens.issue(session, clock=clock, secret=secret, kind=kind, account_id=account.id).id


def verify(session: Session, *, clock: Clock, token: str) -> None:
    """Let the account sign in whose token came by mail; raises Invalid."""
    account_id = tokens.redeem(session, clock=clock, kind=TokenKind.VERIFICATION, token=token)
    account = session.get_one(Account, account_id)
    account.status = AccountStatus.ACTIVE
    record(session, actor=as_actor(account), clock=clock, action="account.verify", account_id=account.id)


def forget_unverified_at(session: Session, *, email_index: bytes) -> None:
    """Forget the registration of an address whose reader has just shown by another letter who they are."""
    _forget_unverified(session, Account.email_index == email_index)


def forget_stale(session: Session, *, clock: Clock) -> None:
    """Forget the registrations that nobody has verified within a week."""
    _forget_unverified(session, Account.created_at < clock.now() - KEPT_UNVERIFIED)


def _add(session: Session, clock: Clock, fields: Fields, wanted: Registration, password_hash: str) -> Account:
    account = add_account(
        session,
        clock=clock,
        fields=fields,
        wanted=NewAccount(wanted.email, wanted.name, wanted.language, wanted.tz, (Role.PATIENT,)),
        status=AccountStatus.UNVERIFIED,
        password_hash=password_hash,
    )
    register_patient(
        session,
        actor=as_actor(account),
        clock=clock,
        fields=fields,
        id=new_id(),
        contacts=Contacts(
            wanted.name, wanted.language, wanted.tz, email=wanted.email, birth_date=wanted.birth_date
        ),
        account_id=account.id,
    )
    session.flush()
    return account


def _forget_unverified(session: Session, which: ColumnElement[bool]) -> None:
    """Delete accounts that never came to anything, with what hangs on them; statements run in any case."""
    stale = select(Account.id).where(Account.status == AccountStatus.UNVERIFIED, which).scalar_subquery()
    for column in (OneTimeToken.account_id, Patient.account_id, AccountRole.account_id, Account.id):
        session.execute(
            delete(column.class_).where(column.in_(stale)).execution_options(synchronize_session=False)
        )
