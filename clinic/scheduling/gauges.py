"""Urgent requests as Prometheus sees them: counted when it asks; numbers alone."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.scheduling.queries.urgent_requests import unclaimed


class UrgentRequests(Collector):
    """Counts what nobody has claimed yet."""

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
                found = unclaimed(session, now=self._clock.now())
        except SQLAlchemyError:
            return
        yield GaugeMetricFamily(
            "clinic_urgent_requests_open", "Urgent requests that nobody has claimed", found.waiting
        )
        yield GaugeMetricFamily(
            "clinic_urgent_requests_with_desk", "Of these, those with the desk", found.with_desk
        )
        yield GaugeMetricFamily(
            "clinic_urgent_requests_oldest_seconds", "Since when the oldest waits", found.oldest_seconds
        )
