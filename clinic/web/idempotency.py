"""Retries of a POST that creates come to the same thing, however often and at once they are sent.

The key is claimed, with the id that the new thing will have, in the act's own transaction: a second
request waits for the first to commit and is then told its id, or takes over when the first rolled back.
Route, account, a MAC of the payload and the id are kept, never a body; a replay is read anew through the
gate (decision 10c). A key is forgotten after 24 hours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import request
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.db.base import Base, UTCDateTime
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import Invalid
from clinic.ids import new_id

_LONGEST_KEY = 200
KEPT: Final = timedelta(hours=24)


class IdempotencyKey(Base):
    """One intent of one account to create one thing."""

    __tablename__ = "idempotency_key"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(_LONGEST_KEY), primary_key=True)
    route: Mapped[str] = mapped_column(String(80))
    payload_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    result_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class Claim:
    """The id that the new thing has; `replayed` when an earlier request has made it already."""

    id: UUID
    replayed: bool


def claim(
    session: Session, *, actor: Actor, clock: Clock, secret: bytes, route: str, payload: Mapping[str, object]
) -> Claim:
    """Claim the request's Idempotency-Key for `payload`; raises Invalid when it stood for another one."""
    key = request.headers.get("Idempotency-Key")
    fresh = Claim(new_id(), replayed=False)
    if key is None:
        return fresh
    if not 1 <= len(key) <= _LONGEST_KEY:
        raise Invalid("invalid", errors={"Idempotency-Key": [f"1 to {_LONGEST_KEY} characters."]})
    mac = _mac(secret, route, payload)
    if _insert(session, actor, key, route, mac, fresh.id, clock.now()):
        return fresh
    earlier = session.execute(
        select(IdempotencyKey).where(IdempotencyKey.account_id == actor.account_id, IdempotencyKey.key == key)
    ).scalar_one()
    if not hmac.compare_digest(earlier.payload_mac, mac):
        raise Invalid(
            "idempotency_mismatch", errors={"Idempotency-Key": ["This key stood for another request."]}
        )
    return Claim(earlier.result_id, replayed=True)


def sweep(database: Database, clock: Clock) -> int:
    """Forget keys that nobody retries with any more; return how many."""
    with transaction(database) as session:
        gone = delete(IdempotencyKey).where(IdempotencyKey.created_at <= clock.now() - KEPT)
        return len(session.execute(gone.returning(IdempotencyKey.result_id)).all())


def _mac(secret: bytes, route: str, payload: Mapping[str, object]) -> bytes:
    canonical = json.dumps([route, payload], sort_keys=True, default=str, separators=(",", ":"))
    return hmac.new(secret, b"idempotency|" + canonical.encode(), hashlib.sha256).digest()


def _insert(
    session: Session, actor: Actor, key: str, route: str, mac: bytes, result: UUID, now: datetime
) -> bool:
    """Insert the key unless it is there; on PostgreSQL this waits for a concurrent holder to end."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(IdempotencyKey)
        .values(
            account_id=actor.account_id,
            key=key,
            route=route,
            payload_mac=mac,
            result_id=result,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.result_id)
    )
    return session.execute(statement).first() is not None
