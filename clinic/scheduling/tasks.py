"""What the worker does for the diary."""

from __future__ import annotations

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.scheduling.services import attendance, holds


def settle_past_visits(database: Database, clock: Clock) -> int:
    """Mark visits that are over and took place as fulfilled; return how many."""
    with transaction(database) as session:
        return attendance.settle(session, actor=SYSTEM, clock=clock)


def forget_holds(database: Database, clock: Clock) -> int:
    """Delete holds that lapsed more than a day ago; return how many."""
    with transaction(database) as session:
        return holds.forget(session, clock=clock)
