"""How long sessions live."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.identity.rules.sessions import Life, Times, expires_at, life, touch_due
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def times(*, staff: bool = False, idle: timedelta = timedelta(), age: timedelta | None = None) -> Times:
    """Return the times of a session that at START is `age` old and has been idle for `idle`."""
    return Times(START - (idle if age is None else age), START - idle, None, staff)


@pytest.mark.parametrize(
    ("staff", "idle", "state"),
    [
        (True, 15 * MINUTE - SECOND, Life.LIVE),
        (True, 15 * MINUTE, Life.IDLE),
        (False, 30 * MINUTE - SECOND, Life.LIVE),
        (False, 30 * MINUTE, Life.IDLE),
    ],
)
def test_an_unused_session_goes_idle(staff: bool, idle: timedelta, state: Life) -> None:
    assert life(times(staff=staff, idle=idle), START) is state


@pytest.mark.parametrize(
    ("age", "state"), [(timedelta(hours=12) - SECOND, Life.LIVE), (timedelta(hours=12), Life.OVER)]
)
def test_no_use_keeps_a_session_beyond_twelve_hours(age: timedelta, state: Life) -> None:
    assert life(times(age=age), START) is state


def test_an_ended_session_is_over() -> None:
    assert life(Times(START, START, START, False), START) is Life.OVER


def test_expiry_is_the_first_of_both_limits() -> None:
    assert expires_at(times(staff=True)) == START + 15 * MINUTE
    assert expires_at(times(age=timedelta(hours=11, minutes=50))) == START + 10 * MINUTE


def test_a_session_is_gone_at_the_instant_it_expires() -> None:
    session = times(staff=True, idle=3 * MINUTE)
    assert life(session, expires_at(session) - SECOND) is Life.LIVE
    assert life(session, expires_at(session)) is not Life.LIVE


def test_use_is_written_down_once_a_minute() -> None:
    assert not touch_due(times(idle=59 * SECOND), START)
    assert touch_due(times(idle=MINUTE), START)
