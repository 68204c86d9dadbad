"""The search finds what a scan of every minute finds, over every clock change of 2026 and 2027."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.ids import PractitionerId
from clinic.scheduling.rules.availability import Modality, WeeklyRule, week_of
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.slots import Demand, Diary, growing_windows, offers, slots
from clinic.scheduling.rules.spans import second_of, span_of
from clinic.scheduling.rules.zones import zone

ZONES = ("Asia/Jerusalem", "Asia/Hebron", "Africa/Casablanca", "Europe/Paris")
MINUTE = timedelta(minutes=1)


@cache
def clock_changes(tz: str) -> tuple[datetime, ...]:
    """Find the first minute after each change of offset, by looking at every hour of two years."""
    start, hours = datetime(2026, 1, 1, tzinfo=UTC), range(2 * 365 * 24)
    instants = [start + timedelta(hours=hour) for hour in hours]
    offsets = [instant.astimezone(zone(tz)).utcoffset() for instant in instants]
    return tuple(
        later
        for later, (before, after) in zip(instants[1:], itertools.pairwise(offsets), strict=True)
        if before != after
    )


def wall_by_scan(wall: datetime, tz: str) -> datetime:
    """Resolve a wall time by looking at the clocks minute by minute, without fold or gap arithmetic."""
    minute = wall.replace(tzinfo=UTC) - timedelta(hours=4)
    shown = minute.astimezone(zone(tz)).replace(tzinfo=None)
    while shown < wall:
        previous, minute = shown, minute + MINUTE
        shown = minute.astimezone(zone(tz)).replace(tzinfo=None)
        if shown > wall:  # skipped: as long after the jump as the time lies after the gap's beginning
            return minute + (wall - previous - MINUTE)
    return minute


def open_minutes(rules: list[WeeklyRule], around: date) -> set[datetime]:
    minutes: set[datetime] = set()
    for rule, offset in itertools.product(rules, range(-4, 5)):
        day = around + timedelta(days=offset)
        if day.weekday() != rule.weekday or day < rule.valid_from or (rule.valid_to and day > rule.valid_to):
            continue
        minute = wall_by_scan(datetime.combine(day, rule.start), rule.tz)
        closing = day + timedelta(days=rule.overnight)
        end = wall_by_scan(datetime.combine(closing, rule.end), rule.tz)
        while minute < end:
            minutes.add(minute)
            minute += MINUTE
    return minutes


def starts_by_scan(free: set[datetime], demand: Demand, window: Interval) -> list[datetime]:
    """Try every minute of `window`."""
    found = []
    for step in range(int((window.end - window.start) / MINUTE)):
        start = window.start + step * MINUTE
        if (start.hour * 60 + start.minute) % (demand.grid / MINUTE):
            continue
        busy = demand.busy(start)
        if all(busy.start + n * MINUTE in free for n in range(int((busy.end - busy.start) / MINUTE))):
            found.append(start)
    return found


@dataclass(frozen=True)
class Case:
    rules: list[WeeklyRule]
    demand: Demand
    busy: list[Interval]
    window: Interval


@st.composite
def cases(draw: st.DrawFn, tz: str, change: datetime) -> Case:
    around = change.date()
    rules = []
    for _ in range(draw(st.integers(1, 4))):
        overnight = draw(st.booleans())
        start = draw(st.integers(0, 280))
        end = draw(st.integers(0, start) if overnight else st.integers(start + 1, 287))
        rules.append(
            WeeklyRule(
                weekday=(around + timedelta(days=draw(st.integers(-1, 1)))).weekday(),
                start=time(start // 12, start % 12 * 5),
                end=time(end // 12, end % 12 * 5),
                tz=tz,
                valid_from=around + timedelta(days=draw(st.integers(-3, 1))),
                valid_to=draw(st.sampled_from([None, around, around + timedelta(days=1)])),
                modalities=frozenset(Modality),
                overnight=overnight,
            )
        )
    first = change + timedelta(minutes=draw(st.integers(-36 * 60, 0)))
    busy = [
        Interval(begin, begin + timedelta(minutes=draw(st.integers(5, 240))))
        for begin in (
            first + timedelta(minutes=draw(st.integers(-60, 36 * 60))) for _ in range(draw(st.integers(0, 5)))
        )
    ]
    demand = Demand(
        length=timedelta(minutes=draw(st.sampled_from([15, 30, 50, 90]))),
        before=timedelta(minutes=draw(st.sampled_from([0, 5, 10]))),
        after=timedelta(minutes=draw(st.sampled_from([0, 10, 15]))),
        grid=timedelta(minutes=draw(st.sampled_from([5, 15, 30, 60]))),
    )
    window = Interval(first, first + timedelta(minutes=draw(st.integers(1, 40 * 60))))
    return Case(rules, demand, sorted(busy), window)


def diary(case: Case, number: int = 1) -> Diary:
    hours = week_of(case.rules).openings(span_of(case.demand.reach(case.window)))
    return Diary(PractitionerId(UUID(int=number)), hours, sorted(span_of(item) for item in case.busy))


CHANGES = [(tz, change) for tz in ZONES for change in clock_changes(tz)]


def test_knows_every_clock_change_of_two_years() -> None:
    assert {tz: len(clock_changes(tz)) for tz in ZONES} == {
        "Asia/Jerusalem": 4,
        "Asia/Hebron": 4,
        "Africa/Casablanca": 3,  # Ramadan 2026, and UTC+0 for good from 2026-09-20
        "Europe/Paris": 4,
    }
    assert date(2026, 9, 20) in {change.date() for change in clock_changes("Africa/Casablanca")}


@pytest.mark.parametrize(("tz", "change"), CHANGES, ids=[f"{tz}-{change:%Y-%m-%d}" for tz, change in CHANGES])
def test_search_equals_a_scan_of_every_minute(tz: str, change: datetime) -> None:
    @settings(max_examples=12, deadline=None)
    @given(cases(tz, change))
    def check(case: Case) -> None:
        free = open_minutes(case.rules, change.date())
        for item in case.busy:
            free -= {item.start + step * MINUTE for step in range(int((item.end - item.start) / MINUTE))}
        found = [slot.starts_at for slot in slots([diary(case)], case.demand, case.window)]
        assert found == starts_by_scan(free, case.demand, case.window)
        assert all(offers(diary(case), case.demand, start) for start in found)

    check()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_windows_put_together_find_the_same_as_one_search(data: st.DataObject) -> None:
    case = data.draw(cases("Asia/Hebron", clock_changes("Asia/Hebron")[0]))
    long = Interval(case.window.start, case.window.start + timedelta(days=9))
    whole = Case(case.rules, case.demand, case.busy, long)
    pieces = [
        slot
        for window in growing_windows(long)
        for slot in slots([diary(Case(case.rules, case.demand, case.busy, window))], case.demand, window)
    ]
    assert pieces == list(slots([diary(whole)], case.demand, long))


def test_windows_grow_and_cover_the_horizon_without_overlap() -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    windows = list(growing_windows(Interval(start, start + timedelta(days=10))))
    assert [(item.end - item.start).days for item in windows] == [1, 2, 4, 3]
    assert all(left.end == right.start for left, right in itertools.pairwise(windows))
    assert list(growing_windows(Interval(start, start))) == []


def test_a_guess_that_was_too_short_comes_before_the_usual_windows() -> None:
    start, hour = datetime(2026, 11, 22, tzinfo=UTC), timedelta(hours=1)
    whole = Interval(start, start + timedelta(days=10))
    for guess, first in (
        (36 * hour, 36 * hour),
        (timedelta(0), hour),
        (timedelta(days=40), whole.end - start),
    ):
        windows = list(growing_windows(whole, guess=guess))
        assert [item.end - item.start for item in windows][:2] == [first, 24 * hour][: len(windows)]
        assert (windows[0].start, windows[-1].end) == (start, whole.end)
        assert all(left.end == right.start for left, right in itertools.pairwise(windows))


def test_of_many_diaries_less_is_read_at_first() -> None:
    whole = Interval(datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC))
    lengths = {number: next(growing_windows(whole, number)) for number in (0, 32, 64, 2_000)}
    assert [(item.end - item.start) / timedelta(hours=1) for item in lengths.values()] == [24, 24, 12, 1]


def test_merges_practitioners_by_time_and_says_no_to_what_is_not_offered() -> None:
    start = datetime(2026, 11, 22, 7, tzinfo=UTC)
    day = Interval(start, start + timedelta(hours=2))
    demand = Demand(timedelta(minutes=50), timedelta(0), timedelta(minutes=10), timedelta(hours=1))
    at, hour = second_of(start), 3600
    first = Diary(PractitionerId(UUID(int=1)), [(at, at + 2 * hour)], [(at, at + hour)])
    second = Diary(PractitionerId(UUID(int=2)), [(at, at + 2 * hour)], [])
    found = [(slot.practitioner.int, slot.starts_at.hour) for slot in slots([first, second], demand, day)]
    assert found == [(2, 7), (1, 8), (2, 8)]
    assert offers(second, demand, start)
    assert not offers(first, demand, start)
    assert not offers(second, demand, start + timedelta(minutes=30))
