"""Dates of a series: the wall time stays through clock changes, and what no series can be is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.errors import Invalid
from clinic.scheduling.rules.recurrence import MOST_VISITS, Recurrence, Rhythm, shifted
from clinic.scheduling.rules.zones import to_utc, to_wall

JERUSALEM = "Asia/Jerusalem"
ZONES = [JERUSALEM, "Asia/Hebron", "Africa/Casablanca", "Europe/Paris"]


def at(wall: str, tz: str = JERUSALEM) -> datetime:
    return to_utc(datetime.fromisoformat(wall), tz)


def locals_of(wall: str, rhythm: Rhythm, *, tz: str = JERUSALEM, **end: object) -> list[str]:
    recurrence = Recurrence(rhythm, at(wall, tz), tz, **end)  # type: ignore[arg-type]  # count or until
    return [each.local for each in recurrence.occurrences()]


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        (Rhythm.WEEKLY, ["2026-11-24", "2026-12-01", "2026-12-08"]),
        (Rhythm.FORTNIGHTLY, ["2026-11-24", "2026-12-08", "2026-12-22"]),
        (Rhythm.MONTHLY, ["2026-11-24", "2026-12-22", "2027-01-26"]),
    ],
)
def test_keeps_its_rhythm(rhythm: Rhythm, days: list[str]) -> None:
    assert locals_of("2026-11-24T10:00", rhythm, count=3) == [f"{day}T10:00" for day in days]


def test_a_fifth_weekday_of_a_month_is_the_last_one_of_every_month() -> None:
    found = locals_of("2026-11-29T10:00", Rhythm.MONTHLY, count=4)
    assert found == ["2026-11-29T10:00", "2026-12-27T10:00", "2027-01-31T10:00", "2027-02-28T10:00"]


@pytest.mark.parametrize(
    ("tz", "before", "after"),
    [
        (JERUSALEM, "2027-03-23T10:00", "+03:00"),  # summer time from 26 March 2027
        ("Asia/Hebron", "2027-03-23T10:00", "+03:00"),  # from the 27th
        ("Europe/Paris", "2027-03-23T10:00", "+02:00"),  # from the 28th
    ],
)
def test_ten_stays_ten_when_the_clocks_change(tz: str, before: str, after: str) -> None:
    first, second = Recurrence(Rhythm.WEEKLY, at(before, tz), tz, count=2).occurrences()
    assert (first.local[11:], second.local[11:]) == ("10:00", "10:00")
    assert to_wall(second.starts_at, tz).isoformat()[-6:] == after
    assert (second.starts_at - first.starts_at).total_seconds() == (7 * 24 - 1) * 3600


def test_a_time_that_the_clocks_skip_moves_forward_that_day_only() -> None:
    found = locals_of("2027-03-20T02:30", Rhythm.WEEKLY, tz="Asia/Hebron", count=3)
    assert found == ["2027-03-20T02:30", "2027-03-27T03:30", "2027-04-03T02:30"]


def test_the_last_day_is_included() -> None:
    assert locals_of("2026-11-24T10:00", Rhythm.WEEKLY, until=date(2026, 12, 1))[-1] == "2026-12-01T10:00"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"count": 10_000}, "count"),
        ({"count": 53}, "count"),
        ({"count": 0}, "count"),
        ({"count": -1}, "count"),
        ({"count": None}, "count"),
        ({"until": date(2027, 1, 1)}, "count"),
        ({"count": None, "until": date(2026, 11, 23)}, "until"),
        ({"count": None, "until": date(2028, 11, 23)}, "until"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"tz": "../etc/passwd"}, "tz"),
        ({"starts_at": datetime(2026, 11, 24, 10)}, "starts_at"),  # noqa: DTZ001 -- naive on purpose
    ],
)
def test_refuses_by_name_what_no_series_can_be(change: dict[str, object], field: str) -> None:
    given = {"rhythm": Rhythm.WEEKLY, "starts_at": at("2026-11-24T10:00"), "tz": JERUSALEM, "count": 8}
    with pytest.raises(Invalid) as refused:
        Recurrence(**{**given, **change}).occurrences()  # type: ignore[arg-type]  # wrong on purpose
    assert set(refused.value.errors) == {field}


def test_says_all_at_once_what_is_wrong() -> None:
    with pytest.raises(Invalid) as refused:
        Recurrence(Rhythm.WEEKLY, datetime(2026, 11, 24), "Nowhere", 10_000).check()  # noqa: DTZ001
    assert set(refused.value.errors) == {"starts_at", "tz", "count"}


@given(
    st.sampled_from(Rhythm),
    st.sampled_from(ZONES),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-01-01")),
    st.integers(1, MOST_VISITS),
)
def test_every_date_keeps_weekday_and_wall_time(rhythm: Rhythm, tz: str, wall: datetime, count: int) -> None:
    wall = wall.replace(second=0, microsecond=0)
    first = to_wall(to_utc(wall, tz), tz).replace(tzinfo=None)
    found = Recurrence(rhythm, to_utc(wall, tz), tz, count).occurrences()
    assert len(found) == count
    assert [each.starts_at for each in found] == sorted({each.starts_at for each in found})
    for each in found:
        there = to_wall(each.starts_at, tz)
        assert there.weekday() == first.weekday()
        assert each.starts_at.tzinfo is UTC
        gap = to_utc(datetime.combine(there.date(), first.time()), tz)
        assert each.starts_at == gap


@pytest.mark.parametrize(
    ("local", "moved"),
    [("2026-11-24T10:00", "2026-11-25T11:30"), ("2027-03-30T10:00", "2027-03-31T11:30")],
)
def test_what_is_shifted_keeps_its_distance_and_takes_the_new_time(local: str, moved: str) -> None:
    found = shifted(local, old="2026-11-24T10:00", new="2026-11-25T11:30", tz=JERUSALEM)
    assert (found.local, found.starts_at) == (moved, at(moved))
