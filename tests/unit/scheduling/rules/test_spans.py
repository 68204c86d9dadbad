"""Stretches of seconds merge and subtract as sets of seconds do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import Span, instant_of, interval_of, merged, minus, second_of, span_of

spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=8,
)


def within(items: list[Span]) -> set[int]:
    return {second for start, end in items for second in range(start, end)}


@given(spans)
def test_merging_keeps_every_second_and_leaves_gaps_between(items: list[Span]) -> None:
    result = merged(items)
    assert within(result) == within(items)
    assert all(left[1] < right[0] for left, right in pairwise(result))
    assert all(start < end for start, end in result)


@given(spans, spans)
def test_subtracting_leaves_exactly_the_other_seconds(wanted: list[Span], taken: list[Span]) -> None:
    left = minus(merged(wanted), sorted(taken))
    assert within(left) == within(wanted) - within(taken)
    assert left == sorted(left)


def test_a_stretch_covers_every_second_that_it_touches() -> None:
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    half = timedelta(milliseconds=500)
    assert span_of(Interval(start + half, start + half + half)) == (second_of(start), second_of(start) + 1)
    assert interval_of((second_of(start), second_of(start) + 2)) == Interval(start, start + 4 * half)
    assert instant_of(second_of(start)) == start
