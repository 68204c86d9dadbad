"""What the worker does for identity."""

from __future__ import annotations

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.identity.services import registration


def forget_unverified(database: Database, clock: Clock) -> None:
    """Forget the registrations that nobody has verified within a week."""
    with transaction(database) as session:
        registration.forget_stale(session, clock=clock)
