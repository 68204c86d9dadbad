"""How long a session lives: idle 15 minutes for staff and 30 for others, 12 hours at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IDLE_STAFF = timedelta(minutes=15)
IDLE_OTHERS = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
STEP_UP = timedelta(minutes=10)
TOUCH_EVERY = timedelta(minutes=1)


class Life(StrEnum):
    """Where a session stands."""

    LIVE = "live"
    IDLE = "idle"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Times:
    """When a session began and was last used, whether it was ended, and whether its owner is staff."""

    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    staff: bool


def life(times: Times, now: datetime) -> Life:
    """Return where the session stands at `now`; its limits are the first instants at which it is gone."""
    if times.ended_at is not None or now >= times.created_at + LONGEST:
        return Life.OVER
    return Life.IDLE if now >= times.last_seen_at + _idle_limit(times) else Life.LIVE


def expires_at(times: Times) -> datetime:
    """Return when the session ends unless somebody uses it."""
    return min(times.created_at + LONGEST, times.last_seen_at + _idle_limit(times))


def touch_due(times: Times, now: datetime) -> bool:
    """Tell whether a use at `now` is worth writing down."""
    return now - times.last_seen_at >= TOUCH_EVERY


def _idle_limit(times: Times) -> timedelta:
    return IDLE_STAFF if times.staff else IDLE_OTHERS
