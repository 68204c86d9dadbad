"""What Prometheus is told of the queue: what waits, what is overdue and what was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.notifications.queries import backlog
from clinic.web.gauges import Figure


def figures(session: Session, now: datetime) -> Iterator[Figure]:
    """Yield the figures of the queue at `now`."""
    found = backlog(session, now=now)
    yield Figure("clinic_messages_waiting", "Messages in the queue", found.waiting)
    yield Figure("clinic_messages_overdue", "Messages due for more than five minutes", found.overdue)
    yield Figure(
        "clinic_messages_oldest_overdue_seconds", "Since when the oldest is due", found.oldest_seconds
    )
    yield Figure("clinic_messages_failed", "Messages given up this month", found.failed)
