"""Weekly hours become instants: the wall time stays, the instant follows the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from clinic.scheduling.rules.availability import Days, HoursSet, Modality, SetKind, WeeklyRule, week_of
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import interval_of, span_of

ALL = frozenset(Modality)
SUNDAY = 6


def rule(
    *,
    weekday: int = SUNDAY,
    start: time = time(9),
    end: time = time(17),
    tz: str = "Asia/Jerusalem",
    valid: tuple[date, date | None] = (date(2026, 1, 1), None),
    overnight: bool = False,
) -> WeeklyRule:
    return WeeklyRule(weekday, start, end, tz, valid[0], valid[1], ALL, overnight)


def opening_hours(
    rules: list[WeeklyRule], window: Interval, sets: list[HoursSet] | None = None
) -> list[Interval]:
    return [interval_of(span) for span in week_of(rules, sets or []).openings(span_of(window))]


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


def test_an_opening_that_a_clock_change_swallows_is_gone() -> None:
    # Hebron skips 02:00-03:00 on Saturday 2027-03-27: 02:30 becomes 03:30, after the end at 03:15.
    swallowed = rule(weekday=5, start=time(2, 30), end=time(3, 15), tz="Asia/Hebron")
    assert opening_hours([swallowed], Interval(utc(2027, 3, 26), utc(2027, 3, 28))) == []


def test_moroccan_hours_move_by_one_hour_of_utc_for_good_on_2026_09_20() -> None:
    september = Interval(utc(2026, 9, 13), utc(2026, 10, 1))
    hours = opening_hours([rule(tz="Africa/Casablanca")], september)
    assert [item.start.hour for item in hours] == [8, 9, 9]


def test_hours_overnight_end_on_the_next_day_and_last_as_long_as_the_clocks_say() -> None:
    night = [rule(weekday=weekday, start=time(22), end=time(6), overnight=True) for weekday in range(7)]
    short = Interval(utc(2027, 3, 26, 12), utc(2027, 3, 27, 12))  # clocks go forward at 2:00 on the 26th
    lengths = {item.start.day: item.end - item.start for item in opening_hours(night, short)}
    assert lengths == {26: timedelta(hours=8)}
    spring = opening_hours(night, Interval(utc(2027, 3, 25, 21), utc(2027, 3, 25, 22)))
    assert [item.end - item.start for item in spring] == [timedelta(hours=7)]
    autumn = opening_hours(night, Interval(utc(2026, 10, 24, 23), utc(2026, 10, 25, 0)))
    assert [item.end - item.start for item in autumn] == [timedelta(hours=9)]


def test_a_whole_day_on_call_joins_the_next() -> None:
    always = [rule(weekday=weekday, start=time(8), end=time(8), overnight=True) for weekday in range(7)]
    [whole] = opening_hours(always, Interval(utc(2026, 11, 22), utc(2026, 11, 24)))
    assert whole.start <= utc(2026, 11, 22)
    assert whole.end >= utc(2026, 11, 24)


def test_a_night_is_found_from_its_end_in_the_farthest_zones() -> None:
    for tz in ("Pacific/Kiritimati", "Etc/GMT+12"):
        always = [rule(weekday=day, start=time(8), end=time(8), overnight=True, tz=tz) for day in range(7)]
        for hour in range(24):
            window = Interval(utc(2026, 11, 22, hour), utc(2026, 11, 22, hour, 1))
            assert any(item.overlaps(window) for item in opening_hours(always, window))


def test_other_hours_replace_the_usual_ones_for_a_while() -> None:
    ramadan = Days(date(2027, 2, 8), date(2027, 3, 8))
    short = rule(start=time(10), end=time(14), valid=(ramadan.first, ramadan.last))
    sets = [HoursSet(SetKind.RAMADAN, ramadan, (short,))]
    around = Interval(utc(2027, 2, 1), utc(2027, 3, 16))
    hours = opening_hours([rule(), rule(weekday=0)], around, sets)
    lengths = [(item.start.weekday(), (item.end - item.start) // timedelta(hours=1)) for item in hours]
    assert lengths[:2] == [(0, 8), (6, 8)]  # Monday the 1st, Sunday the 7th
    assert lengths[2:6] == [(6, 4)] * 4  # no Monday in Ramadan
    assert lengths[6:] == [(6, 8), (0, 8)]


def test_a_journey_keeps_its_own_clock() -> None:
    there = Days(date(2026, 11, 22), date(2026, 11, 28))
    abroad = rule(tz="Europe/Paris", valid=(there.first, there.last))
    hours = opening_hours([rule()], NOVEMBER, [HoursSet(SetKind.TRAVEL, there, (abroad,))])
    assert [item.start.hour for item in hours] == [7, 7, 7, 8, 7]
