"""New zone rules move instants; promised wall times stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.scheduling.rules.clock_changes import Moving, Promise, in_order

HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "tz", "stored", "shift"),
    [
        ("2026-12-01T12:00", "Africa/Casablanca", "2026-12-01T11:00", HOUR),  # as tzdb 2026a had it
        ("2026-12-01T12:00", "Africa/Casablanca", "2026-12-01T12:00", 0 * HOUR),
        ("2026-12-01T12:00", "Asia/Jerusalem", "2026-12-01T10:00", 0 * HOUR),
        ("2026-07-01T12:00", "Asia/Jerusalem", "2026-07-01T10:00", -HOUR),
        ("2026-10-25T01:30", "Asia/Jerusalem", "2026-10-24T22:30", 0 * HOUR),  # the first of two
        ("2026-10-25T01:30", "Asia/Jerusalem", "2026-10-24T23:30", 0 * HOUR),  # the second
        ("2027-03-26T02:30", "Asia/Jerusalem", "2027-03-26T00:30", 0 * HOUR),  # skipped by the clocks
    ],
)
def test_an_instant_moves_only_where_its_wall_time_is_another(
    wall: str, tz: str, stored: str, shift: timedelta
) -> None:
    assert Promise(wall, tz, utc(stored)).shift == shift


def test_visits_move_out_of_each_others_way() -> None:
    moves = [
        Moving(name, utc(f"2026-12-01T{hour:02}:00"), shift)
        for name, hour, shift in [
            *(("a", 9, HOUR), ("b", 10, HOUR), ("over b", 10, HOUR)),
            *(("c", 11, -HOUR), ("over c", 11, -HOUR), ("d", 12, -HOUR)),
        ]
    ]
    assert [one.what for one in in_order(moves)] == ["b", "over b", "a", "c", "over c", "d"]
