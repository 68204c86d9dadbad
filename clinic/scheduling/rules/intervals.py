"""Half-open stretches of time in UTC: merge them, take some away from others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same instants as sorted stretches that neither overlap nor touch."""
    result: list[Interval] = []
    for item in sorted(intervals):
        if result and item.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, item.end))
        else:
            result.append(item)
    return result


def minus(wanted: Iterable[Interval], taken: Iterable[Interval]) -> Iterator[Interval]:
    """Yield what is left of `wanted` without `taken`; both sorted by start, `wanted` disjoint."""
    remaining = iter(taken)
    busy = next(remaining, None)
    for whole in wanted:
        start = whole.start
        while busy is not None and busy.start < whole.end:
            if start < busy.start:
                yield Interval(start, busy.start)
            start = max(start, busy.end)
            if start >= whole.end:
                break  # the busy stretch may reach into the next one
            busy = next(remaining, None)
        if start < whole.end:
            yield Interval(start, whole.end)
