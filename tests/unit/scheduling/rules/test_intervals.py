"""Stretches of time merge and subtract as sets of instants do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic.scheduling.rules.intervals import Interval, merged, minus

DAY = datetime(2026, 11, 22, tzinfo=UTC)


def span(start: int, end: int) -> Interval:
    return Interval(DAY + timedelta(minutes=start), DAY + timedelta(minutes=end))


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: span(pair[0], pair[0] + pair[1])),
    max_size=8,
)


def minutes(intervals: list[Interval]) -> set[datetime]:
    return {
        item.start + timedelta(minutes=step)
        for item in intervals
        for step in range(int((item.end - item.start) / timedelta(minutes=1)))
    }


def test_touching_stretches_become_one_and_do_not_overlap() -> None:
    assert merged([span(10, 20), span(0, 10)]) == [span(0, 20)]
    assert not span(0, 10).overlaps(span(10, 20))
    assert span(0, 11).overlaps(span(10, 20))


def test_widens_at_both_ends() -> None:
    assert span(10, 20).widened(timedelta(minutes=5), timedelta(minutes=7)) == span(5, 27)


@given(spans)
def test_merging_keeps_every_minute_and_leaves_gaps_between(items: list[Interval]) -> None:
    result = merged(items)
    assert minutes(result) == minutes(items)
    assert all(left.end < right.start for left, right in pairwise(result))


@given(spans, spans)
def test_subtracting_leaves_exactly_the_other_minutes(wanted: list[Interval], taken: list[Interval]) -> None:
    left = list(minus(merged(wanted), sorted(taken)))
    assert minutes(left) == minutes(wanted) - minutes(taken)
    assert left == merged(left) or all(item.start < item.end for item in left)
