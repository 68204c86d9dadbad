"""What Prometheus is told of urgent requests: how many nobody has claimed or ended, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.scheduling.queries.urgent_requests import unclaimed, unfinished
from clinic.web.gauges import Figure


def figures(session: Session, now: datetime) -> Iterator[Figure]:
    """Yield the figures of urgent requests at `now`."""
    found = unclaimed(session, now=now)
    yield Figure("clinic_urgent_requests_open", "Urgent requests that nobody has claimed", found.waiting)
    yield Figure("clinic_urgent_requests_with_desk", "Of these, those with the desk", found.with_desk)
    yield Figure("clinic_urgent_requests_oldest_seconds", "Since when the oldest waits", found.oldest_seconds)
    claimed = unfinished(session, now=now)
    yield Figure("clinic_urgent_requests_unfinished", "Claimed two hours ago and not ended", claimed.waiting)
    yield Figure(
        "clinic_urgent_requests_unfinished_oldest_seconds",
        "Since when the oldest of these is claimed",
        claimed.oldest_seconds,
    )
