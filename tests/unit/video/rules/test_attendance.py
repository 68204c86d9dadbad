"""Call length is the time that both sides were there, however often each came and went."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clinic.video.rules.attendance import Stay, merged, together

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


def stay(since: int, until: int) -> Stay:
    return Stay(NOW + timedelta(minutes=since), NOW + timedelta(minutes=until))


STAYS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)).map(lambda pair: stay(*pair)), max_size=8)


def minutes(stays: list[Stay]) -> set[int]:
    return {m for m in range(91) for s in stays if s.since <= NOW + timedelta(minutes=m) < s.until}


def test_a_reload_on_each_side_is_not_counted_twice() -> None:
    therapist = [stay(0, 20), stay(21, 50)]
    patient = [stay(5, 30), stay(29, 48)]
    assert together(therapist, patient) == timedelta(minutes=42)


def test_nobody_on_the_other_side_is_no_call() -> None:
    assert together([stay(0, 50)], []) == timedelta(0)


@given(one=STAYS, other=STAYS)
def test_equals_the_minutes_that_both_were_there(one: list[Stay], other: list[Stay]) -> None:
    expected = timedelta(minutes=len(minutes(one) & minutes(other)))
    assert together(one, other) == together(other, one) == expected


@given(stays=STAYS)
def test_merging_keeps_the_presence_and_leaves_gaps_between(stays: list[Stay]) -> None:
    result = merged(stays)
    assert minutes(list(result)) == minutes(stays)
    assert all(a.until < b.since for a, b in itertools.pairwise(result))
