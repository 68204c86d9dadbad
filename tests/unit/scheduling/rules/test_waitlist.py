"""The order of the queue, what fits a wish, and how long an offer stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.ids import PractitionerId, new_id
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import (
    Triage,
    Waiting,
    Wishes,
    is_waking,
    last_day_over,
    offer_ends,
    over_everywhere,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SUNDAY_NINE = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Jerusalem"))
RANA, SALMA = PractitionerId(new_id()), PractitionerId(new_id())


@pytest.mark.parametrize(
    ("wishes", "fits"),
    [
        (Wishes(), True),
        (Wishes(practitioner=RANA), True),
        (Wishes(practitioner=SALMA), False),
        (Wishes(weekdays=frozenset({6})), True),
        (Wishes(weekdays=frozenset({0, 1})), False),
        (Wishes(parts=frozenset({DayPart.MORNING})), True),
        (Wishes(parts=frozenset({DayPart.EVENING})), False),
        (Wishes(until=date(2026, 11, 22)), True),
        (Wishes(until=date(2026, 11, 21)), False),
    ],
)
def test_a_time_fits_when_every_wish_is_met(wishes: Wishes, fits: bool) -> None:
    assert wishes.fit(RANA, SUNDAY_NINE) is fits


def test_need_goes_before_waiting_and_waiting_before_fit() -> None:
    week = timedelta(days=7)
    narrow = Wishes(weekdays=frozenset({6}), parts=frozenset({DayPart.MORNING}))
    urgent = Waiting(Triage.URGENT, NOW, Wishes())
    soon = Waiting(Triage.SOON, NOW, Wishes())
    long_routine = Waiting(Triage.ROUTINE, NOW - week, Wishes())
    picky_routine = Waiting(Triage.ROUTINE, NOW, narrow)
    routine = Waiting(Triage.ROUTINE, NOW, Wishes())
    everybody = [routine, picky_routine, long_routine, soon, urgent]
    assert sorted(everybody, key=lambda one: one.rank) == everybody[::-1]


@pytest.mark.parametrize(
    ("left", "stands"),
    [
        (timedelta(minutes=10), timedelta(minutes=10)),
        (timedelta(hours=1), timedelta(minutes=15)),
        (timedelta(hours=4), timedelta(minutes=30)),
        (timedelta(days=3), timedelta(hours=1)),
    ],
)
def test_an_offer_stands_for_a_share_of_the_time_that_is_left(left: timedelta, stands: timedelta) -> None:
    assert offer_ends(NOW, NOW + left) == NOW + stands


@pytest.mark.parametrize(("hour", "day"), [(0, 20), (11, 20), (12, 21), (23, 21)])
def test_a_last_day_is_over_when_it_is_over_on_every_clock(hour: int, day: int) -> None:
    now = datetime(2026, 11, 22, hour, tzinfo=UTC)
    over = last_day_over(now)
    assert over == date(2026, 11, day)
    assert over_everywhere(over) <= now < over_everywhere(over + timedelta(days=1))


@pytest.mark.parametrize(("hour", "waking"), [(7, False), (8, True), (20, True), (21, False), (3, False)])
def test_nobody_is_asked_asleep(hour: int, waking: bool) -> None:
    assert is_waking(SUNDAY_NINE.replace(hour=hour)) is waking
