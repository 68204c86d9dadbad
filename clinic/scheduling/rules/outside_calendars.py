"""When calendars of others are read, how far ahead, and what is kept of them: stretches without a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import interval_of, merged, span_of

MOST_CALENDARS = 3
EVERY = timedelta(minutes=15)
_AFTER_FAILURES = (EVERY, timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
_BACK = timedelta(days=1)
_AHEAD = timedelta(days=400)  # beyond the longest series and every horizon
_LONGEST = timedelta(days=1)


def window_at(now: datetime) -> Interval:
    """Return the stretch of which busy times are kept."""
    return Interval(now - _BACK, now + _AHEAD)


def read_next(failures: int, now: datetime) -> datetime:
    """Return when to read again after as many failures in a row; fewer and fewer tries, never none."""
    return now + (_AFTER_FAILURES[min(failures, len(_AFTER_FAILURES)) - 1] if failures else EVERY)


def kept(found: Iterable[Interval], window: Interval) -> Iterator[Interval]:
    """Yield what is stored: disjoint stretches in `window`, none longer than a visit can be."""
    inside = (
        Interval(max(one.start, window.start), min(one.end, window.end))
        for one in found
        if one.overlaps(window)
    )
    for stretch in map(interval_of, merged(map(span_of, inside))):
        start = stretch.start
        while start < stretch.end:
            end = min(start + _LONGEST, stretch.end)
            yield Interval(start, end)
            start = end
