"""What the worker does for rooms."""

from __future__ import annotations

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.video.services.closing import sweep


def close_old_rooms(database: Database, clock: Clock) -> int:
    """Close rooms whose day is over and forget where people said they were; return how many."""
    with transaction(database) as session:
        return sweep(session, clock=clock)
