"""Join tickets: one use, one minute, one account, one appointment; only a hash of them is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from clinic.ids import AccountId, AppointmentId

LIFETIME: Final = timedelta(seconds=60)
TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is known about a ticket besides its secret."""

    account_id: AccountId
    appointment_id: AppointmentId
    expires_at: datetime
    used_at: datetime | None = None


def token_hash(token: str) -> bytes:
    """Return what is stored of a token; the token has 256 random bits, so a plain hash is enough."""
    return sha256(token.encode()).digest()


def admits(ticket: Ticket, account_id: AccountId, now: datetime) -> bool:
    """Tell whether `account_id` may use the ticket now."""
    return ticket.used_at is None and now < ticket.expires_at and ticket.account_id == account_id
