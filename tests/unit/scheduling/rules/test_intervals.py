"""Stretches of time as people know them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clinic.scheduling.rules.intervals import Interval

DAY = datetime(2026, 11, 22, tzinfo=UTC)


def span(start: int, end: int) -> Interval:
    return Interval(DAY + timedelta(minutes=start), DAY + timedelta(minutes=end))


def test_touching_stretches_do_not_overlap() -> None:
    assert not span(0, 10).overlaps(span(10, 20))
    assert span(0, 11).overlaps(span(10, 20))


def test_widens_at_both_ends() -> None:
    assert span(10, 20).widened(timedelta(minutes=5), timedelta(minutes=7)) == span(5, 27)
