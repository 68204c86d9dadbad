"""Padding hides lengths at a bounded price and comes off exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.crypto.errors import Unopenable
from clinic.crypto.padding import pad, padded_length, unpad


@given(st.binary(max_size=3000), st.sampled_from([32, 64, 256]))
def test_comes_off_exactly(data: bytes, floor: int) -> None:
    assert unpad(pad(data, floor=floor)) == data


@given(st.integers(min_value=0, max_value=1 << 30))
def test_costs_at_most_twelve_percent_above_the_floor(length: int) -> None:
    padded = padded_length(length, floor=256)
    assert padded >= max(length, 256)
    assert padded <= max(length * 1.12, 256)


# From the definition in the paper: keep the exponent's bit length of leading bits, round the rest up.
@pytest.mark.parametrize(
    ("length", "padded"),
    [(256, 256), (257, 272), (272, 272), (273, 288), (1000, 1024), (1025, 1088), (100_000, 100_352)],
)
def test_follows_padme(length: int, padded: int) -> None:
    assert padded_length(length, floor=256) == padded


def test_short_texts_are_all_as_long_as_the_floor() -> None:
    assert {len(pad(b"x" * length, floor=256)) for length in range(256)} == {256}


@pytest.mark.parametrize("padded", [b"", b"\0" * 32, b"text without a marker", b"text\x80\0\0x"])
def test_refuses_what_carries_no_marker_at_its_end(padded: bytes) -> None:
    with pytest.raises(Unopenable):
        unpad(padded)


def test_refuses_a_floor_that_hides_nothing() -> None:
    with pytest.raises(ValueError, match="floor"):
        padded_length(1, floor=16)
