"""The reserve keeps the same times whatever is booked, and lets them go at its hour."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.ids import PractitionerId, new_id
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.reserve import Reserve
from clinic.scheduling.rules.slots import DayPart, Demand, Diary, part_of_day, slots
from clinic.scheduling.rules.spans import Span, merged, minus, second_of, span_of

HOUR = 3600
SOMEBODY = PractitionerId(new_id())
DAY = second_of(datetime(2026, 11, 23, 7, tzinfo=UTC))  # 9:00 in Jerusalem
EARLY = datetime(2026, 11, 22, 9, tzinfo=UTC)
TALK = Demand(timedelta(minutes=50), timedelta(0), timedelta(minutes=10), timedelta(hours=1))


def kept(percent: int, opening: Span, demand: Demand = TALK, now: datetime = EARLY) -> list[int]:
    reserve = Reserve(percent, time(7))
    return [(start - opening[0]) // 60 for start, _ in reserve.kept(opening, demand, "Asia/Jerusalem", now)]


@pytest.mark.parametrize(
    ("percent", "hours"),
    [
        (0, []),
        (10, [0]),
        (15, [0, 6]),
        (25, [0, 4]),
        (50, [0, 2, 4, 6]),
        (100, [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_keeps_the_first_of_an_opening_and_then_every_so_manieth(percent: int, hours: list[int]) -> None:
    assert kept(percent, (DAY, DAY + 8 * HOUR)) == [60 * hour for hour in hours]


def test_begins_on_the_grid_and_keeps_the_buffers_with_the_visit() -> None:
    demand = Demand(timedelta(minutes=50), timedelta(minutes=10), timedelta(0), timedelta(minutes=30))
    opening = (DAY + 600, DAY + 4 * HOUR)
    [first, *_] = Reserve(10, time(7)).kept(opening, demand, "Asia/Jerusalem", EARLY)
    assert first == (DAY + 1200, DAY + 1200 + HOUR)


def test_a_time_too_short_for_a_visit_is_not_kept() -> None:
    assert kept(100, (DAY, DAY + HOUR - 1)) == []
    assert kept(100, (DAY, DAY)) == []


def test_lets_go_at_its_hour_on_the_sites_clock() -> None:
    opening = (DAY, DAY + 8 * HOUR)
    assert kept(10, opening, now=datetime(2026, 11, 23, 4, 59, tzinfo=UTC)) == [0]
    assert kept(10, opening, now=datetime(2026, 11, 23, 5, tzinfo=UTC)) == []


@given(st.integers(1, 100), st.integers(1, 200))
def test_the_share_is_the_percentage_rounded_up(percent: int, count: int) -> None:
    reserve = Reserve(percent, time(7))
    assert sum(reserve.holds_back(number) for number in range(count)) == -(-count * percent // 100)


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "morning"), (11, "morning"), (12, "afternoon"), (16, "afternoon"), (17, "evening"), (23, "evening")],
)
def test_a_day_has_three_parts(hour: int, part: str) -> None:
    assert DayPart.of(hour) == part


def test_the_part_of_the_day_is_the_sites() -> None:
    noon = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    assert part_of_day(noon, "Africa/Casablanca") is DayPart.MORNING
    assert part_of_day(noon, "Asia/Jerusalem") is DayPart.AFTERNOON


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Span], list[Span], Demand]:
    """An opening or two, what is booked of them, and a service."""
    minutes = st.integers(0, 120)
    start = DAY + 60 * draw(minutes)
    openings = [(start, start + 60 * draw(st.integers(30, 400)))]
    later = openings[0][1] + 60 * draw(st.integers(1, 90))
    openings.append((later, later + 60 * draw(st.integers(10, 300))))
    booked = merged((start + 60 * draw(minutes), start + 60 * draw(st.integers(60, 500))) for _ in range(2))
    length, before, after, grid = (
        timedelta(minutes=draw(st.sampled_from(each)))
        for each in ((20, 50, 90), (0, 10), (0, 10), (10, 30, 60))
    )
    return openings, booked, Demand(length, before, after, grid)


@given(days(), st.integers(0, 100))
def test_what_is_kept_and_what_is_offered_are_all_there_is(
    day: tuple[list[Span], list[Span], Demand], percent: int
) -> None:
    openings, booked, demand = day
    reserve, whole = Reserve(percent, time(7)), Interval(EARLY, EARLY + timedelta(days=3))
    shut = merged(span for one in openings for span in reserve.kept(one, demand, "Asia/Jerusalem", EARLY))

    def starts(free: list[Span]) -> set[datetime]:
        found = slots([Diary(SOMEBODY, free, booked)], demand, whole)
        return {slot.starts_at for slot in found}

    every, offered = starts(openings), starts(minus(openings, shut))
    busy = {start: span_of(demand.busy(start)) for start in every}
    of_kept = {start for start in every if any(a < busy[start][1] and busy[start][0] < b for a, b in shut)}
    assert offered | of_kept == every
    assert not offered & of_kept
    if percent == 100:
        assert not offered
