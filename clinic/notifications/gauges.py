"""The queue as Prometheus sees it: counted when it asks, so that no process keeps a stale number."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.notifications.queries import backlog


class Queue(Collector):
    """Counts what waits, what is overdue and what was given up."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Count in `database`."""
        self._database, self._clock = database, clock

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: that would ask the data store at start."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Yield the figures; none where the data store does not answer, which /readyz tells."""
        try:
            with snapshot(self._database) as session:
                found = backlog(session, now=self._clock.now())
        except SQLAlchemyError:
            return
        yield GaugeMetricFamily("clinic_messages_waiting", "Messages in the queue", found.waiting)
        yield GaugeMetricFamily(
            "clinic_messages_overdue", "Messages due for more than five minutes", found.overdue
        )
        yield GaugeMetricFamily(
            "clinic_messages_oldest_overdue_seconds", "Since when the oldest is due", found.oldest_seconds
        )
        yield GaugeMetricFamily("clinic_messages_failed", "Messages given up this month", found.failed)
