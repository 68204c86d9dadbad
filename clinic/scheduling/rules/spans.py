"""Stretches of time as pairs of whole UTC seconds: what the search sweeps over, thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from clinic.scheduling.rules.intervals import Interval

Span = tuple[int, int]  # from the first second up to but without the second one


def seconds(length: timedelta) -> int:
    """Return a length in whole seconds."""
    return length // timedelta(seconds=1)


def second_of(instant: datetime) -> int:
    """Return the second in which an aware `instant` lies."""
    return int(instant.timestamp() // 1)


def instant_of(second: int) -> datetime:
    """Return the UTC instant at which `second` begins."""
    return datetime.fromtimestamp(second, UTC)


def span_of(interval: Interval) -> Span:
    """Return the whole seconds that `interval` touches."""
    return second_of(interval.start), -int(-interval.end.timestamp() // 1)


def interval_of(span: Span) -> Interval:
    """Return `span` as instants."""
    return Interval(instant_of(span[0]), instant_of(span[1]))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same seconds as sorted stretches that neither overlap nor touch; empty ones are left out."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def minus(wanted: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what is left of `wanted` without `taken`; both sorted by start, `wanted` disjoint."""
    left: list[Span] = []
    place, count = 0, len(taken)
    for start, end in wanted:
        free_from = start
        while place < count:
            busy_from, busy_to = taken[place]
            if busy_from >= end:
                break
            if busy_to <= free_from:
                place += 1
                continue
            if free_from < busy_from:
                left.append((free_from, busy_from))
            free_from = busy_to
            if free_from >= end:
                break  # it may reach into the next stretch too
            place += 1
        if free_from < end:
            left.append((free_from, end))
    return left
