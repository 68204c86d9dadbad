"""What a guardian may be told: only within the time, only of what the minor does not keep private."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.consent.rules.provisions import Period
from clinic.consent.rules.telling import Standing, Told, may_be_told

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
LIVE = Standing(Period(NOW - DAY, NOW + DAY), frozenset())
PRIVATE = Standing(Period(NOW - DAY, NOW + DAY), frozenset({"intake"}))
OVER = Standing(Period(NOW - 2 * DAY, NOW), frozenset())
TO_COME = Standing(Period(NOW + DAY, NOW + 2 * DAY), frozenset())


@pytest.mark.parametrize(
    ("standings", "topic", "told"),
    [
        ([], "follow_up", Told.NO_GUARDIAN),
        ([OVER], "follow_up", Told.OVER),
        ([TO_COME], "follow_up", Told.OVER),
        ([LIVE], "follow_up", Told.GUARDIAN),
        ([PRIVATE], "follow_up", Told.GUARDIAN),
        ([PRIVATE], "intake", Told.PRIVATE),
        ([LIVE, PRIVATE], "intake", Told.PRIVATE),
        ([OVER, LIVE], "intake", Told.GUARDIAN),
    ],
)
def test_the_decision(standings: list[Standing], topic: str, told: Told) -> None:
    assert may_be_told(standings, topic, NOW) is told
