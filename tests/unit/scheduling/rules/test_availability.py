"""Weekly hours become instants: the wall time stays, the instant follows the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from clinic.scheduling.rules.availability import Modality, WeeklyRule, opening_hours
from clinic.scheduling.rules.intervals import Interval

ALL = frozenset(Modality)
SUNDAY = 6


def rule(
    *,
    weekday: int = SUNDAY,
    start: time = time(9),
    end: time = time(17),
    tz: str = "Asia/Jerusalem",
    valid: tuple[date, date | None] = (date(2026, 1, 1), None),
    modalities: frozenset[Modality] = ALL,
) -> WeeklyRule:
    return WeeklyRule(weekday, start, end, tz, valid[0], valid[1], modalities)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


NOVEMBER = Interval(utc(2026, 11, 1), utc(2026, 12, 1))


def test_opens_on_its_weekday_only() -> None:
    hours = opening_hours([rule()], NOVEMBER)
    assert [item.start for item in hours] == [utc(2026, 11, day, 7) for day in (1, 8, 15, 22, 29)]
    assert {item.end - item.start for item in hours} == {timedelta(hours=8)}


def test_opens_within_its_validity_both_days_included() -> None:
    hours = opening_hours([rule(valid=(date(2026, 11, 8), date(2026, 11, 15)))], NOVEMBER)
    assert [item.start.day for item in hours] == [8, 15]


def test_a_rule_that_begins_on_the_last_day_of_the_calendar_opens_nothing_yet() -> None:
    assert opening_hours([rule(valid=(date.max, None))], NOVEMBER) == []


def test_joins_a_split_day_that_touches_and_keeps_one_that_does_not() -> None:
    day = Interval(utc(2026, 11, 22), utc(2026, 11, 23))
    touching = [rule(end=time(12)), rule(start=time(12))]
    assert opening_hours(touching, day) == [Interval(utc(2026, 11, 22, 7), utc(2026, 11, 22, 15))]
    apart = [rule(end=time(12)), rule(start=time(13))]
    assert len(opening_hours(apart, day)) == 2


def test_gives_whole_openings_that_reach_out_of_the_window() -> None:
    noon = Interval(utc(2026, 11, 22, 10), utc(2026, 11, 22, 10, 1))
    assert opening_hours([rule()], noon) == [Interval(utc(2026, 11, 22, 7), utc(2026, 11, 22, 15))]


def test_asks_for_one_way_of_holding_visits() -> None:
    rules = [
        rule(modalities=frozenset({Modality.VIDEO})),
        rule(weekday=0, modalities=frozenset({Modality.PHONE})),
    ]
    assert {
        item.start.weekday()
        for item in opening_hours(rules, NOVEMBER, modalities=frozenset({Modality.PHONE}))
    } == {0}


def test_an_opening_that_a_clock_change_swallows_is_gone() -> None:
    # Hebron skips 02:00-03:00 on Saturday 2027-03-27: 02:30 becomes 03:30, after the end at 03:15.
    swallowed = rule(weekday=5, start=time(2, 30), end=time(3, 15), tz="Asia/Hebron")
    assert opening_hours([swallowed], Interval(utc(2027, 3, 26), utc(2027, 3, 28))) == []


def test_moroccan_hours_move_by_one_hour_of_utc_for_good_on_2026_09_20() -> None:
    september = Interval(utc(2026, 9, 13), utc(2026, 10, 1))
    hours = opening_hours([rule(tz="Africa/Casablanca")], september)
    assert [item.start.hour for item in hours] == [8, 9, 9]
