"""Events collected on a database session and delivered around its commit.

Before-commit subscribers write rows in the same transaction and may abort it. After-commit subscribers
only push to sockets: they are best effort, and a failure there is logged and never undoes the act.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

_EVENTS = "clinic.events"
_log = structlog.get_logger(__name__)

E = TypeVar("E")


def publish(session: Session, event: object) -> None:
    """Collect `event` on `session`; nobody hears of it unless the transaction gets to its commit."""
    session.info.setdefault(_EVENTS, []).append(event)


class EventBus:
    """Who wants to hear of which event; filled once by the slices at start-up."""

    def __init__(self) -> None:
        """Start without subscribers."""
        self._before: defaultdict[type, list[Callable[[Session, object], None]]] = defaultdict(list)
        self._after: defaultdict[type, list[Callable[[object], None]]] = defaultdict(list)

    def before_commit(self, event_type: type[E], handler: Callable[[Session, E], None]) -> None:
        """Call `handler(session, event)` inside the transaction that published the event."""
        self._before[event_type].append(handler)  # type: ignore[arg-type]

    def after_commit(self, event_type: type[E], handler: Callable[[E], None]) -> None:
        """Call `handler(event)` once the act is durable."""
        self._after[event_type].append(handler)  # type: ignore[arg-type]

    def deliver_before(self, session: Session) -> list[object]:
        """Deliver the events of `session`, those that subscribers publish meanwhile included."""
        delivered: list[object] = []
        pending: list[object] = session.info.setdefault(_EVENTS, [])
        while pending:
            event = pending.pop(0)
            delivered.append(event)
            for handler in self._before[type(event)]:
                handler(session, event)
        return delivered

    def deliver_after(self, events: list[object]) -> None:
        """Deliver `events` whose transaction has committed."""
        for event in events:
            for handler in self._after[type(event)]:
                try:
                    handler(event)
                except Exception:  # best effort: clients refetch on reconnect, the act stands
                    _log.exception("after_commit_failed", event_type=type(event).__name__)
