"""Rate caps hold over any sequence of messages, and are those that the vectors publish."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from clinic.video.rules import limits, tickets
from clinic.video.rules.limits import Rate, full, take, too_many_refusals

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


def test_numbers_are_those_of_the_vectors() -> None:
    path = Path(__file__).parents[3] / "vectors" / "signalling" / "limits.json"
    published = json.loads(path.read_text(encoding="utf-8"))
    assert published == {
        "message_bytes": limits.MESSAGE_BYTES,
        "sockets_per_account": limits.SOCKETS_PER_ACCOUNT,
        "ticket_seconds": tickets.LIFETIME.total_seconds(),
        "refusals": {
            "count": limits.REFUSALS_TO_CLOSE,
            "seconds": limits.REFUSAL_WINDOW.total_seconds(),
        },
        "rates": {
            event: {"burst": rate.burst, "per_second": rate.per_second}
            for event, rate in limits.RATES.items()
        },
    }


def test_a_burst_passes_and_the_next_is_told_how_long_to_wait() -> None:
    rate = Rate(burst=3, per_second=0.5)
    bucket = full(rate, NOW)
    for _ in range(3):
        bucket, wait = take(bucket, rate, NOW)
        assert wait == 0
    bucket, wait = take(bucket, rate, NOW)
    assert wait == 2000
    _, wait = take(bucket, rate, NOW + timedelta(milliseconds=wait))
    assert wait == 0


@given(
    gaps=st.lists(st.floats(min_value=-1, max_value=5), max_size=60),
    burst=st.integers(1, 20),
    per_second=st.floats(min_value=0.1, max_value=20),
)
def test_no_sequence_gets_more_through_than_burst_plus_refill(
    gaps: list[float], burst: int, per_second: float
) -> None:
    rate = Rate(burst, per_second)
    bucket, now, latest, passed = full(rate, NOW), NOW, NOW, 0
    for gap in gaps:
        now = now + timedelta(seconds=max(gap, 0))
        latest = max(latest, now)
        bucket, wait = take(bucket, rate, now)
        passed += wait == 0
    assert passed <= burst + (latest - NOW).total_seconds() * per_second + 1e-6


def test_a_clock_that_steps_back_gives_no_tokens() -> None:
    rate = Rate(1, 1)
    bucket, _ = take(full(rate, NOW), rate, NOW)
    _, wait = take(bucket, rate, NOW - timedelta(hours=1))
    assert wait > 0


def test_twenty_refusals_in_ten_seconds_close_the_socket_and_slow_ones_do_not() -> None:
    times: tuple[datetime, ...] = ()
    for number in range(20):
        times, close = too_many_refusals(times, NOW + timedelta(milliseconds=100 * number))
        assert close == (number == 19)
    times = ()
    for number in range(60):
        times, close = too_many_refusals(times, NOW + timedelta(seconds=number))
        assert not close
