"""Frames come back as they went, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.video.rules.frames import LARGEST, LENGTH_BYTES, FrameError, decode, encode, length_of

MESSAGES = st.dictionaries(
    st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.text(), max_size=6
)


@given(message=MESSAGES)
def test_what_is_sent_is_what_comes(message: dict[str, object]) -> None:
    frame = encode(message)
    assert length_of(frame[:LENGTH_BYTES]) == len(frame) - LENGTH_BYTES
    assert decode(frame[LENGTH_BYTES:]) == message


@given(body=st.binary(max_size=64))
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    try:
        message = decode(body)
    except FrameError:
        return
    assert isinstance(message, dict)


@pytest.mark.parametrize("header", [b"", b"\0\0\0", b"\0\0\0\0", b"\0\0\0\1", b"\xff\xff\xff\xff"])
def test_refuses_a_length_before_reading_it(header: bytes) -> None:
    with pytest.raises(FrameError):
        length_of(header)


def test_sends_nothing_too_large() -> None:
    with pytest.raises(FrameError):
        encode({"sdp": "x" * LARGEST})


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b"{", b"\xff"])
def test_takes_objects_only(body: bytes) -> None:
    with pytest.raises(FrameError):
        decode(body)


def test_refuses_json_nested_beyond_reason() -> None:
    with pytest.raises(FrameError):
        decode(b"[" * 60_000)
