"""Sessions: begun at sign-in, proved again at step-up, listed, ended. The token is only with the browser.

Step-up keeps the token: sockets carry it from their handshake, and a call must not end because its
therapist signs a note. A stolen token therefore gains ten minutes at most, and only while in use.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import SYSTEM, Actor
from clinic.clock import Clock
from clinic.errors import NotFound, Refused, Unauthenticated
from clinic.identity.models import Account, AccountStatus, WebSession
from clinic.identity.rules.devices import device_name
from clinic.identity.rules.sessions import STEP_UP
from clinic.identity.services.proof import Proof
from clinic.ids import AccountId, SessionId, new_id


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session and the token that only the browser will have."""

    session_id: SessionId
    token: str


def hash_token(token: str) -> bytes:
    """Return what is kept of a token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def open_session(
    session: Session,
    *,
    account_id: UUID | None,
    proof: Proof,
    clock: Clock,
    user_agent: str,
    replacing: str | None,
) -> Opened:
    """Begin a session for who has just proved a password, ending the browser's old one.

    Raises Refused, the same for a wrong password and an account that is unknown or not active.
    """
    account = None if account_id is None else session.get(Account, account_id)
    if account is None or not proof.right or not _still_so(account, proof):
        raise _refused(session, SYSTEM, clock, "session.open", "wrong_credentials", account_id)
    if proof.renewed is not None:
        account.password_hash = proof.renewed
    if replacing is not None:
        end_by_token(session, token=replacing, clock=clock)
    token, now = secrets.token_urlsafe(32), clock.now()
    row = WebSession(
        id=new_id(),
        token_hash=hash_token(token),
        account_id=account.id,
        device=device_name(user_agent),
        created_at=now,
        last_seen_at=now,
    )
    session.add(row)
    _record(session, _owner(account, row), clock, "session.open", row.id)
    return Opened(SessionId(row.id), token)


def _owner(account: Account, row: WebSession) -> Actor:
    """Return the actor that this session's owner is from now on, as the trail names them."""
    roles = frozenset(entry.role for entry in account.roles)
    return Actor(AccountId(account.id), roles, session_id=SessionId(row.id))


def _still_so(account: Account, proof: Proof) -> bool:
    """Tell whether what was proved, outside of this transaction, is still the account's password."""
    return account.status is AccountStatus.ACTIVE and account.password_hash == proof.encoded


def touch(session: Session, *, session_id: SessionId, clock: Clock) -> None:
    """Write down that the session is in use."""
    session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.ended_at.is_(None))
        .values(last_seen_at=clock.now())
    )


def step_up(session: Session, *, actor: Actor, proof: Proof, clock: Clock) -> datetime:
    """Let the session do for a while what needs a fresh proof; return until when. It is in use again.

    Raises Refused for a wrong password.
    """
    row = session.get(WebSession, actor.session_id)
    if row is None or row.ended_at is not None:
        raise Unauthenticated("signed_out")
    if not proof.right or not _still_so(session.get_one(Account, actor.account_id), proof):
        raise _refused(session, actor, clock, "session.step_up", "wrong_password", actor.account_id)
    row.stepped_up_until = clock.now() + STEP_UP
    row.last_seen_at = clock.now()
    _record(session, actor, clock, "session.step_up", row.id)
    return row.stepped_up_until


def end_own(session: Session, *, actor: Actor, session_id: UUID, clock: Clock) -> None:
    """End one of the actor's own sessions; raises NotFound for anybody else's."""
    row = session.get(WebSession, session_id)
    if row is None or row.account_id != actor.account_id or row.ended_at is not None:
        raise NotFound
    row.ended_at = clock.now()
    _record(session, actor, clock, "session.end", row.id)


def sign_out(session: Session, *, actor: Actor | None, token: str, clock: Clock) -> None:
    """End the session of `token`; one that had timed out already has no actor and ends all the same.

    What ends nothing is not on record, so that nobody fills the trail with tokens of their making.
    """
    ended = end_by_token(session, token=token, clock=clock)
    if ended is not None:
        _record(session, actor or SYSTEM, clock, "session.end", ended)


def end_by_token(session: Session, *, token: str, clock: Clock) -> UUID | None:
    """End the session that this token opens and return its id, or None where there is none."""
    return session.scalar(
        update(WebSession)
        .where(WebSession.token_hash == hash_token(token), WebSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(WebSession.id)
    )


def end_all(session: Session, *, account_id: UUID, clock: Clock) -> None:
    """End every session of an account."""
    session.execute(
        update(WebSession)
        .where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _record(session: Session, actor: Actor, clock: Clock, action: str, session_id: UUID | None) -> None:
    audit.record(
        session, actor=actor, clock=clock, action=action, object_type="session", object_id=session_id
    )


def _refused(
    session: Session, actor: Actor, clock: Clock, action: str, code: str, account_id: UUID | None
) -> Refused:
    """Return a refusal on record; it is written for unknown accounts too, so that it takes as long."""
    entry = audit.entry(
        session,
        actor=actor,
        clock=clock,
        action=action,
        outcome="refused",
        object_type="account",
        object_id=account_id,
        reason=code,
    )
    return Refused(Unauthenticated(code), entry)
