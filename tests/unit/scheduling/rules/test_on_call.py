"""Who is on call: steps, colleagues who step in, leave as gaps, and nights through every clock change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.ids import PractitionerId, new_id
from clinic.scheduling.rules.availability import Modality, WallStretch, WeeklyRule
from clinic.scheduling.rules.on_call import (
    Cover,
    DutyRule,
    Rota,
    asked_next,
    changes_after,
    complaints,
    cover_complaint,
    duties,
    gaps,
    on_call,
)
from clinic.scheduling.rules.spans import Span, merged, second_of
from clinic.scheduling.rules.zones import to_utc, to_wall

JERUSALEM = "Asia/Jerusalem"
LAYLA, OMAR, HANA, SAMI = (PractitionerId(UUID(int=number)) for number in range(1, 5))
DAY, NIGHT = (time(8), time(20)), (time(20), time(8))


def rule(
    who: PractitionerId,
    hours: tuple[time, time],
    *,
    step: int = 1,
    weekday: int = 6,
    tz: str = JERUSALEM,
    valid_to: date | None = None,
) -> DutyRule:
    start, end = hours
    since = date(2026, 1, 1)
    every = frozenset(Modality)
    return DutyRule(who, step, WeeklyRule(weekday, start, end, tz, since, valid_to, every, end <= start))


def daily(
    who: PractitionerId, hours: tuple[time, time], *, step: int = 1, tz: str = JERUSALEM
) -> list[DutyRule]:
    return [rule(who, hours, step=step, weekday=weekday, tz=tz) for weekday in range(7)]


def at(wall: str, tz: str = JERUSALEM) -> datetime:
    return to_utc(datetime.fromisoformat(wall), tz)


def span(start: str, end: str) -> Span:
    return second_of(at(start)), second_of(at(end))


def stretch(start: str, end: str) -> WallStretch:
    return WallStretch(datetime.fromisoformat(start), datetime.fromisoformat(end), JERUSALEM)


def cover(
    who: PractitionerId, start: str, end: str, *, instead_of: PractitionerId | None = None, step: int = 1
) -> Cover:
    return Cover(new_id(), who, step, stretch(start, end), instead_of)


def posts(rota: Rota, wall: str) -> list[tuple[int, PractitionerId]]:
    return [(one.step, one.practitioner) for one in on_call(rota, at(wall))]


def test_days_and_nights_have_steps_in_order() -> None:
    rota = Rota([*daily(LAYLA, DAY), *daily(OMAR, NIGHT), *daily(HANA, (time(8), time(8)), step=2)])
    assert posts(rota, "2026-11-22T07:59") == [(1, OMAR), (2, HANA)]
    assert posts(rota, "2026-11-22T08:00") == [(1, LAYLA), (2, HANA)]
    assert posts(rota, "2026-11-22T23:59") == posts(rota, "2026-11-23T00:00") == [(1, OMAR), (2, HANA)]
    assert gaps(rota, span("2026-11-01T00:00", "2026-12-01T00:00")) == []


def test_the_next_step_is_one_that_has_somebody_who_was_not_asked_yet() -> None:
    rota = Rota([*daily(LAYLA, DAY), *daily(LAYLA, DAY, step=2), *daily(OMAR, DAY, step=4)])
    noon = at("2026-11-22T12:00")
    first = asked_next(rota, noon, after=0)
    assert first is not None
    assert (first.step, first.practitioners) == (1, (LAYLA,))
    second = asked_next(rota, noon, after=1, besides=first.practitioners)
    assert second is not None
    assert (second.step, second.practitioners) == (4, (OMAR,))
    assert asked_next(rota, noon, after=4) is None
    assert asked_next(rota, at("2026-11-22T22:00"), after=0) is None


def test_who_stands_in_takes_what_the_colleague_had_and_no_more() -> None:
    swap = cover(HANA, "2026-11-22T00:00", "2026-11-23T00:00", instead_of=OMAR)
    rota = Rota([rule(LAYLA, DAY), rule(OMAR, NIGHT)], [swap])
    found = duties(rota, span("2026-11-22T00:00", "2026-11-24T00:00"))
    assert [(one.practitioner, one.span, one.cover) for one in found] == [
        (LAYLA, span("2026-11-22T08:00", "2026-11-22T20:00"), None),
        (HANA, span("2026-11-22T20:00", "2026-11-23T00:00"), swap.id),
        (OMAR, span("2026-11-23T00:00", "2026-11-23T08:00"), None),
    ]


def test_somebody_may_stand_in_for_one_who_stands_in() -> None:
    whole = "2026-11-22T08:00", "2026-11-22T20:00"
    chain = [cover(OMAR, *whole, instead_of=LAYLA), cover(HANA, *whole, instead_of=OMAR)]
    assert posts(Rota([rule(LAYLA, DAY)], chain), "2026-11-22T12:00") == [(1, HANA)]
    other_step = cover(HANA, *whole, instead_of=LAYLA, step=2)
    assert posts(Rota([rule(LAYLA, DAY)], [other_step]), "2026-11-22T12:00") == [(1, LAYLA)]


def test_leave_is_a_gap_that_says_who_is_away_and_a_colleague_closes_it() -> None:
    away = {LAYLA: [span("2026-11-22T10:00", "2026-11-22T14:00")]}
    window = span("2026-11-22T00:00", "2026-11-23T00:00")
    rota = Rota([rule(LAYLA, DAY), rule(HANA, DAY, step=2)], leave=away)
    [gap] = gaps(rota, window)
    assert (gap.span, gap.step, gap.away, gap.nobody) == (*away[LAYLA], 1, (LAYLA,), False)
    alone = Rota([rule(LAYLA, DAY)], leave=away)
    assert [one.nobody for one in gaps(alone, window)] == [True]
    for standing_in in (
        cover(OMAR, "2026-11-22T10:00", "2026-11-22T14:00", instead_of=LAYLA),
        cover(OMAR, "2026-11-22T09:00", "2026-11-22T15:00"),
    ):
        assert gaps(Rota([rule(LAYLA, DAY)], [standing_in], away), window) == []


def test_a_gap_tells_apart_when_others_are_there() -> None:
    rota = Rota([rule(HANA, (time(12), time(20)), step=2)], around_the_clock=True)
    window = span("2026-11-22T08:00", "2026-11-22T20:00")
    assert [(one.span, one.step, one.nobody) for one in gaps(rota, window)] == [
        (span("2026-11-22T08:00", "2026-11-22T12:00"), 1, True),
        (span("2026-11-22T12:00", "2026-11-22T20:00"), 1, False),
    ]


def test_says_when_others_take_over() -> None:
    rota = Rota([*daily(LAYLA, DAY), *daily(OMAR, NIGHT)])
    noon = at("2026-11-22T12:00")
    assert changes_after(rota, noon, noon + timedelta(days=7)) == at("2026-11-22T20:00")
    always = Rota(daily(LAYLA, (time(8), time(8))))
    assert changes_after(always, noon, noon + timedelta(days=7)) is None


def test_refuses_what_cannot_be_meant() -> None:
    good, stranger = rule(LAYLA, DAY), rule(OMAR, DAY)
    backwards = DutyRule(
        LAYLA,
        6,
        WeeklyRule(
            6, time(20), time(8), "Mars/Olympus", date(2026, 1, 2), date(2026, 1, 1), frozenset(Modality)
        ),
    )
    assert set(complaints([good, stranger, backwards], offering={LAYLA})) == {
        "rules.1.practitioner",
        "rules.2.step",
        "rules.2.end",
        "rules.2.valid_to",
        "rules.2.tz",
    }
    assert cover_complaint(stretch("2026-11-22T10:00", "2026-11-22T10:00"))
    assert cover_complaint(stretch("2026-11-22T10:00", "2027-11-22T10:00"))
    assert cover_complaint(stretch("2026-11-22T10:00", "2026-11-23T10:00")) is None


# Every clock change of 2026 and 2027 in the zones of the clinic, and Morocco's last of all.
CHANGES = [
    (JERUSALEM, "2026-03-27"),
    (JERUSALEM, "2026-10-25"),
    (JERUSALEM, "2027-03-26"),
    (JERUSALEM, "2027-10-31"),
    ("Asia/Hebron", "2026-03-28"),
    ("Asia/Hebron", "2026-10-24"),
    ("Asia/Hebron", "2027-03-27"),
    ("Asia/Hebron", "2027-10-30"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Casablanca", "2026-03-22"),
    ("Africa/Casablanca", "2026-09-20"),
    ("Europe/Paris", "2026-03-29"),
    ("Europe/Paris", "2026-10-25"),
    ("Europe/Paris", "2027-03-28"),
    ("Europe/Paris", "2027-10-31"),
]
QUARTERS = st.lists(st.integers(0, 95), min_size=2, max_size=4, unique=True).map(sorted)


def tiling(edges: Sequence[int], tz: str) -> list[DutyRule]:
    """Return people who follow each other round the clock, changing at quarters of an hour."""
    times = [time(edge // 4, edge % 4 * 15) for edge in edges]
    people = (LAYLA, OMAR, HANA, SAMI)
    pairs = zip(times, [*times[1:], times[0]], strict=True)
    return [one for who, hours in zip(people, pairs, strict=False) for one in daily(who, hours, tz=tz)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CHANGES), QUARTERS)
def test_whoever_follow_each_other_leave_no_gap_at_any_clock_change(
    change: tuple[str, str], edges: list[int]
) -> None:
    tz, day = change
    start = to_utc(datetime.fromisoformat(day) - timedelta(days=1), tz)
    window = second_of(start), second_of(start + timedelta(days=3))
    rota = Rota(tiling(edges, tz), around_the_clock=True)
    assert gaps(rota, window) == []
    [whole] = merged(one.span for one in duties(rota, window))
    assert whole[0] <= window[0] < window[1] <= whole[1]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(CHANGES), QUARTERS)
def test_equals_a_scan_of_the_clock_by_quarters(change: tuple[str, str], edges: list[int]) -> None:
    """Who is on call is whoever the wall clock names, but in the hour that clocks skip or show twice."""
    tz, day = change
    start = to_utc(datetime.fromisoformat(day) - timedelta(hours=12), tz)
    rota = Rota(tiling(edges, tz))
    found = duties(rota, (second_of(start), second_of(start + timedelta(days=2))))
    people = (LAYLA, OMAR, HANA, SAMI)[: len(edges)]
    for quarter in range(2 * 96):
        instant = start + timedelta(minutes=15 * quarter)
        around = {to_wall(instant + timedelta(hours=hours), tz).utcoffset() for hours in (-2, 2)}
        if len(around) > 1:
            continue
        wall = to_wall(instant, tz)
        past = [number for number, edge in enumerate(edges) if edge <= wall.hour * 4 + wall.minute // 15]
        wanted = people[past[-1] if past else -1]
        second = second_of(instant)
        assert [one.practitioner for one in found if one.span[0] <= second < one.span[1]] == [wanted], wall


@pytest.mark.parametrize(("day", "hours"), [("2027-03-25", 7), ("2026-10-24", 9), ("2026-11-22", 8)])
def test_a_night_is_as_long_as_the_clocks_make_it(day: str, hours: int) -> None:
    evening = datetime.fromisoformat(f"{day}T22:00")
    rota = Rota(daily(LAYLA, (time(22), time(6))))
    [night] = on_call(rota, to_utc(evening, JERUSALEM))
    assert night.span[1] - night.span[0] == hours * 3600
    assert night.span[0] == second_of(to_utc(evening, JERUSALEM).astimezone(UTC))


def test_a_rule_holds_while_it_is_valid_and_not_in_an_hour_that_clocks_skip() -> None:
    until = rule(LAYLA, DAY, valid_to=date(2026, 11, 22))
    days = duties(Rota([until]), span("2026-11-01T00:00", "2026-12-31T00:00"))
    assert [one.span[0] for one in days][-1] == second_of(at("2026-11-22T08:00"))
    skipped = rule(LAYLA, (time(2, 30), time(3, 15)), weekday=5, tz="Asia/Hebron")
    assert duties(Rota([skipped]), span("2027-03-27T00:00", "2027-03-28T00:00")) == []
