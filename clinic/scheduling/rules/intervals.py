"""Half-open stretches of time in UTC, as people and rows know them; `spans` holds the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` up to but without `end`, both aware UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: Interval) -> bool:
        """Tell whether the two share an instant."""
        return self.start < other.end and other.start < self.end

    def widened(self, before: timedelta, after: timedelta) -> Interval:
        """Return the interval grown at both ends."""
        return Interval(self.start - before, self.end + after)
