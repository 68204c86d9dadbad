"""What is kept of calendars elsewhere, and when they are read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.outside_calendars import EVERY, kept, read_next, window_at

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WINDOW = window_at(NOW)
MINUTE = timedelta(minutes=1)


def test_failures_are_tried_again_ever_more_seldom_and_without_end() -> None:
    waits = [read_next(failures, NOW) - NOW for failures in range(20)]
    assert waits[0] == EVERY
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=12)


def test_a_week_away_is_kept_in_pieces_as_long_as_a_visit_can_be() -> None:
    week = Interval(NOW, NOW + timedelta(days=7, hours=1))
    pieces = list(kept([week], WINDOW))
    assert len(pieces) == 8
    assert (pieces[0].start, pieces[-1].end) == (week.start, week.end)


stretches = st.builds(
    lambda start, length: Interval(NOW + start * MINUTE, NOW + (start + length) * MINUTE),
    st.integers(-5_000, 5_000),
    st.integers(1, 5_000),
)


@given(st.lists(stretches, max_size=12), stretches)
def test_what_is_kept_covers_what_was_found_in_the_window_and_nothing_else(
    found: list[Interval], window: Interval
) -> None:
    pieces = list(kept(found, window))
    assert all(one.end <= two.start for one, two in pairwise(pieces))
    assert all(timedelta(0) < piece.end - piece.start <= timedelta(days=1) for piece in pieces)
    for moment in {edge for one in (*found, window) for edge in (one.start, one.end, one.end - MINUTE)}:
        busy = window.start <= moment < window.end and any(one.start <= moment < one.end for one in found)
        assert any(piece.start <= moment < piece.end for piece in pieces) == busy
