"""How much and how often one socket may send; the numbers of docs/signalling.md, section 2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

MESSAGE_BYTES: Final = 48 * 1024
SOCKETS_PER_ACCOUNT: Final = 8
REFUSALS_TO_CLOSE: Final = 20
REFUSAL_WINDOW: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket's size and its refill per second."""

    burst: int
    per_second: float


_SELDOM = Rate(5, 0.2)
_NEGOTIATION = Rate(20, 1)
_CONTROL = Rate(20, 2)

RATES: Final[Mapping[str, Rate]] = {
    **dict.fromkeys(("join", "arrive", "watch", "restart"), _SELDOM),
    **dict.fromkeys(("description", "commit", "reveal"), _NEGOTIATION),
    "candidate": Rate(200, 20),
    **dict.fromkeys(("media-state", "admit", "leave", "end"), _CONTROL),
    "location": Rate(5, 0.1),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many tokens were left at an instant."""

    tokens: float
    at: datetime


def full(rate: Rate, now: datetime) -> Bucket:
    """Return the bucket that everyone starts with."""
    return Bucket(float(rate.burst), now)


def take(bucket: Bucket, rate: Rate, now: datetime) -> tuple[Bucket, int]:
    """Take one token; return the bucket and 0, or the milliseconds until one is there (nothing taken)."""
    elapsed = max(0.0, (now - bucket.at).total_seconds())
    tokens = min(float(rate.burst), bucket.tokens + elapsed * rate.per_second)
    if tokens >= 1.0:
        return Bucket(tokens - 1.0, now), 0
    return Bucket(tokens, now), max(1, ceil((1.0 - tokens) / rate.per_second * 1000))


def too_many_refusals(times: tuple[datetime, ...], now: datetime) -> tuple[tuple[datetime, ...], bool]:
    """Count one more refusal; return those inside the window and whether the socket is to be closed."""
    recent = (*(at for at in times if now - at < REFUSAL_WINDOW), now)
    return recent, len(recent) >= REFUSALS_TO_CLOSE
