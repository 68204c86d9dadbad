"""Half-open stretches of time in UTC, as people and rows know them; `spans` holds the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` up to but without `end`, both aware UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: Interval) -> bool:
        """Tell whether the two share an instant."""
        return self.start < other.end and other.start < self.end

    def in_whole_days(self) -> Interval:
        """Return the days of UTC that the interval touches, from midnight to midnight."""
        first, last = (datetime.combine(instant, time(), UTC) for instant in (self.start, self.end))
        return Interval(first, last + timedelta(days=1))

    def widened(self, before: timedelta, after: timedelta) -> Interval:
        """Return the interval grown at both ends."""
        return Interval(self.start - before, self.end + after)
