"""When people are reminded: each step once, late ones give way to nearer ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.scheduling.rules.reminders import Reminder, label, name_of, objection, planned, turn

WEEK, TWO_DAYS, TWO_HOURS = timedelta(days=7), timedelta(days=2), timedelta(hours=2)
USUAL = (WEEK, TWO_DAYS, TWO_HOURS)
VISIT = datetime(2026, 12, 1, 14, tzinfo=UTC)
VISIT_ID, WHO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("before", "steps"),
    [
        (timedelta(days=30), [WEEK, TWO_DAYS, TWO_HOURS]),
        (WEEK, [TWO_DAYS, TWO_HOURS]),
        (timedelta(days=1), [TWO_HOURS]),
        (TWO_HOURS, []),
        (timedelta(minutes=-5), []),
    ],
)
def test_what_lies_ahead_is_planned(before: timedelta, steps: list[timedelta]) -> None:
    found = list(planned(USUAL, VISIT, VISIT - before))
    assert found == [Reminder(step, VISIT - step) for step in steps]


@pytest.mark.parametrize(
    ("before", "whose"),
    [
        (timedelta(days=8), None),
        (WEEK, WEEK),
        (timedelta(days=3), WEEK),
        (TWO_DAYS, TWO_DAYS),
        (timedelta(hours=3), TWO_DAYS),
        (TWO_HOURS, TWO_HOURS),
        (timedelta(minutes=1), TWO_HOURS),
        (timedelta(0), None),
        (timedelta(hours=-1), None),
    ],
)
def test_only_the_nearest_step_has_something_to_say(before: timedelta, whose: timedelta | None) -> None:
    assert turn(USUAL, VISIT, VISIT - before) == whose


@given(
    st.sets(st.integers(30, 40_320), max_size=5).map(
        lambda found: tuple(timedelta(minutes=one) for one in found)
    ),
    st.integers(-1_000, 60_000),
)
def test_each_planned_reminder_has_its_turn_when_it_falls_due(
    steps: tuple[timedelta, ...], minutes: int
) -> None:
    now = VISIT - timedelta(minutes=minutes)
    for reminder in planned(steps, VISIT, now):
        assert reminder.due_at > now
        assert turn(steps, VISIT, reminder.due_at) == reminder.step


def test_a_visit_that_moves_has_other_reminders_and_back_the_same() -> None:
    first = name_of(TWO_DAYS, VISIT_ID, VISIT, WHO)
    assert first == f"reminder:2d:{VISIT_ID}:20261201T1400Z:{WHO}"
    assert name_of(TWO_DAYS, VISIT_ID, VISIT + TWO_HOURS, WHO) != first
    assert len({name_of(step, VISIT_ID, VISIT, WHO) for step in USUAL}) == 3


@pytest.mark.parametrize(
    ("step", "said"), [(WEEK, "7d"), (TWO_DAYS, "2d"), (TWO_HOURS, "2h"), (timedelta(minutes=90), "90m")]
)
def test_a_step_is_written_as_in_settings(step: timedelta, said: str) -> None:
    assert label(step) == said


def test_a_step_of_seconds_is_none() -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        label(timedelta(seconds=30))


@pytest.mark.parametrize("minutes", [[], [30], [10_080, 2_880, 120], [40_320, 60, 90, 120, 180]])
def test_these_steps_are_fine(minutes: list[int]) -> None:
    assert objection(minutes) is None


@pytest.mark.parametrize("minutes", [[29], [40_321], [60, 60], [30, 60, 90, 120, 150, 180], [-5]])
def test_these_steps_are_refused(minutes: list[int]) -> None:
    assert objection(minutes) is not None
