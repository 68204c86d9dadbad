"""When a message is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.notifications.rules.retries import next_try
from tests.fakes.clock import START


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120)])
def test_each_wait_is_longer(attempts: int, minutes: int) -> None:
    assert next_try(attempts, START) == START + timedelta(minutes=minutes)


def test_the_fifth_failure_is_the_last() -> None:
    assert next_try(5, START) is None
