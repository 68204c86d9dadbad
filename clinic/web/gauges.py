"""Figures for Prometheus, counted when it asks, so that no process keeps a stale number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name and what it counts."""

    name: str
    counts: str
    value: float


Count = Callable[[Session, datetime], Iterable[Figure]]


class Gauges(Collector):
    """Tells what `count` finds in the data store."""

    def __init__(self, database: Database, clock: Clock, count: Count) -> None:
        """Count in `database`."""
        self._database, self._clock, self._count = database, clock, count

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: that would ask the data store at start."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Return the figures; none where the data store does not answer, which /readyz tells."""
        try:
            with snapshot(self._database) as session:
                found = list(self._count(session, self._clock.now()))
        except SQLAlchemyError:
            return []
        return [GaugeMetricFamily(one.name, one.counts, one.value) for one in found]
