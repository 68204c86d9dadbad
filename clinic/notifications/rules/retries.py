"""When a message that could not be sent is tried again: after 1, 5, 30 minutes and 2 hours, then no more."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
# A worker that died while it was sending is given up on after this; its message is then sent again.
LEASE = timedelta(minutes=5)
# What has been due for longer than this is worth an alarm: no worker runs, or it cannot keep up.
OVERDUE = timedelta(minutes=5)
KEPT = timedelta(days=30)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after `attempts` failures, or None when it is given up."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def is_spent(attempts: int) -> bool:
    """Tell whether a message has been taken more often than it is tried: its workers died over it."""
    return attempts > len(WAITS) + 1
