"""What is done for rooms again and again; one that fails holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.video.services import closing, silence

T = TypeVar("T")
_log = structlog.get_logger(__name__)


def close_old_rooms(database: Database, clock: Clock) -> int:
    """Close rooms whose day is over and forget where people said they were; return how many."""
    with snapshot(database) as session:
        visits = closing.rooms_not_closed(session)
    return sum(
        _each(
            database,
            visits,
            lambda session, visit: closing.close_if_over(session, clock=clock, appointment_id=visit),
        )
    )


def forget_silent_lines(database: Database, clock: Clock) -> int:
    """Note of seats whose lease is over that their line is down; return how many."""
    return forget_lines(database, clock, unseen_since=clock.now() - silence.LEASE)


def forget_lines(database: Database, clock: Clock, *, unseen_since: datetime | None = None) -> int:
    """Note that the sockets of seats are gone: all of them, or those unseen since an instant."""
    with snapshot(database) as session:
        lines = silence.held(session, unseen_since=unseen_since)
    _each(database, lines, lambda session, line: silence.forget(session, clock=clock, line=line))
    return len(lines)


def _each(database: Database, things: Iterable[T], act: Callable[[Session, T], bool | None]) -> list[bool]:
    """Act on each in a transaction of its own; return what came of those that went through."""
    done: list[bool] = []
    for thing in things:
        try:
            with transaction(database) as session:
                outcome = bool(act(session, thing))
            done.append(outcome)
        except Exception as error:  # the next turn may succeed; the type alone, since messages quote data
            _log.error("room_task_failed", error_type=type(error).__name__)
    return done
