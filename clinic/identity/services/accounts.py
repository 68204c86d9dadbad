"""Making an account and setting its password: what registration, invitation and reset have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import NotFound
from clinic.identity import queries
from clinic.identity.models import Account, AccountRole, AccountStatus, TokenKind
from clinic.identity.rules.contacts import email_key
from clinic.identity.services import tokens
from clinic.identity.services.sessions import end_all
from clinic.ids import AccountId, new_id
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who is to have an account."""

    email: str
    name: str
    language: str
    tz: str
    roles: tuple[Role, ...]


def reserve_address(session: Session, *, index: bytes) -> None:
    """Wait for others who are making an account of this address; SQLite's write lock already does."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(index[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def add_account(
    session: Session,
    *,
    clock: Clock,
    fields: Fields,
    wanted: NewAccount,
    status: AccountStatus,
    granted_by: UUID | None = None,
    password_hash: str | None = None,
) -> Account:
    """Add an account that cannot sign in before it is active; roles are its own wish unless granted."""
    id = new_id()
    account = Account(
        id=id,
        name_sealed=fields.seal(id, "account.name", wanted.name),
        email_sealed=fields.seal(id, "account.email", wanted.email),
        email_index=fields.index("email", email_key(wanted.email)),
        password_hash=password_hash,
        language=wanted.language,
        tz=wanted.tz,
        status=status,
        created_at=clock.now(),
        roles=_roles(wanted.roles, granted_by or id, clock),
    )
    session.add(account)
    session.flush()
    return account


def renew(account: Account, *, clock: Clock, fields: Fields, wanted: NewAccount, granted_by: UUID) -> None:
    """Make an account that nobody has taken up yet what is wanted now."""
    account.name_sealed = fields.seal(account.id, "account.name", wanted.name)
    account.email_sealed = fields.seal(account.id, "account.email", wanted.email)
    account.language, account.tz = wanted.language, wanted.tz
    kept = [entry for entry in account.roles if entry.role in wanted.roles]
    new = set(wanted.roles) - {entry.role for entry in kept}
    account.roles = kept + _roles(sorted(new), granted_by, clock)


def disable(session: Session, *, actor: Actor, clock: Clock, email_index: bytes) -> None:
    """Shut an account out: sessions and tokens end now. Raises NotFound."""
    account = queries.account_by_email(session, index=email_index)
    if account is None:
        raise NotFound
    shut_out(session, actor=actor, clock=clock, account=account)


def shut_out(session: Session, *, actor: Actor, clock: Clock, account: Account) -> None:
    """Let nobody in with this account any more: sessions and tokens end now."""
    account.status = AccountStatus.DISABLED
    end_all(session, account_id=account.id, clock=clock)
    for kind in TokenKind:
        tokens.void(session, clock=clock, kind=kind, account_id=account.id)
    record(session, actor=actor, clock=clock, action="account.disable", account_id=account.id)


def as_actor(account: Account) -> Actor:
    """Return the account as who acts, for the trail of acts that its owner does without a session."""
    return Actor(AccountId(account.id), frozenset(entry.role for entry in account.roles))


def record(
    session: Session, *, actor: Actor, clock: Clock, action: str, account_id: UUID | None, reason: str = ""
) -> None:
    """Put an act on an account on record."""
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        object_type="account",
        object_id=account_id,
        reason=reason or None,
    )


def _roles(roles: Iterable[Role], granted_by: UUID, clock: Clock) -> list[AccountRole]:
    return [AccountRole(role=role, granted_by=granted_by, granted_at=clock.now()) for role in roles]
