"""One-time tokens: what proves that somebody reads the mail of an address.

The token is derived from its row's id with the clinic's secret, so that the letter can be written later
from ids alone and neither the queue nor the database ever holds it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.errors import Invalid
from clinic.identity.models import OneTimeToken, PatientInvitation, TokenKind
from clinic.ids import AccountId, new_id

LIFETIMES: Mapping[TokenKind, timedelta] = {
    TokenKind.VERIFICATION: timedelta(hours=24),
    TokenKind.PASSWORD_RESET: timedelta(hours=1),
    TokenKind.INVITATION: timedelta(days=7),
}


def token_of(secret: bytes, kind: str, token_id: UUID) -> str:
    """Return the token of a row: 256 bits that nobody can make without the clinic's secret."""
    mac = hmac.new(secret, b"one-time|" + kind.encode() + b"|" + token_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def issue(
    session: Session,
    *,
    clock: Clock,
    secret: bytes,
    kind: TokenKind,
    account_id: UUID,
    id: UUID | None = None,
) -> OneTimeToken:
    """Make a token for an account; those that are on their way stay good, so that nobody can void them."""
    id, now = id or new_id(), clock.now()
    row = OneTimeToken(
        id=id,
        kind=kind,
        token_hash=hash_of(token_of(secret, kind, id)),
        account_id=account_id,
        created_at=now,
        expires_at=now + LIFETIMES[kind],
    )
    session.add(row)
    session.flush()
    return row


def void(session: Session, *, clock: Clock, kind: TokenKind, account_id: UUID) -> None:
    """Make an account's tokens of one kind useless."""
    session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.account_id == account_id,
            OneTimeToken.kind == kind,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )


def usable(row: OneTimeToken | PatientInvitation | None, now: datetime) -> bool:
    """Tell whether the token of `row` is still good."""
    return row is not None and row.used_at is None and now < row.expires_at


def check(session: Session, *, clock: Clock, kind: TokenKind, token: str) -> AccountId:
    """Return whose token it is without using it; raises Invalid `token_invalid`."""
    row = session.scalars(
        select(OneTimeToken).where(OneTimeToken.token_hash == hash_of(token), OneTimeToken.kind == kind)
    ).one_or_none()
    if row is None or not usable(row, clock.now()):
        raise invalid()
    return AccountId(row.account_id)


def redeem(session: Session, *, clock: Clock, kind: TokenKind, token: str) -> AccountId:
    """Use a token up and return whose it was; of two who try at once, one raises Invalid."""
    account_id = check(session, clock=clock, kind=kind, token=token)
    used = session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.token_hash == hash_of(token), OneTimeToken.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeToken.id)
    ).first()
    if used is None:
        raise invalid()
    return account_id


def invalid() -> Invalid:
    """Return what is said of a token that is used up, too old or none."""
    return Invalid("token_invalid", errors={"token": ["This link is no longer good."]})


def hash_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
