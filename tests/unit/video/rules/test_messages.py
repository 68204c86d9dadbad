"""Every example of the signalling vectors is taken or refused as they say; nothing hostile gets further."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.video.rules import limits
from clinic.video.rules.messages import FROM_CLIENT, FROM_SERVER, check_from_client
from clinic.video.rules.shapes import ShapeError, instant

VECTORS = Path(__file__).parents[3] / "vectors" / "signalling"
SIDES = {"client": FROM_CLIENT, "server": FROM_SERVER}


def expand(value: Any) -> Any:
    """Replace `{"$repeat": text, "times": n}` by the string that it stands for."""
    if isinstance(value, dict):
        if "$repeat" in value:
            return value["$repeat"] * value["times"]
        return {name: expand(inner) for name, inner in value.items()}
    return [expand(item) for item in value] if isinstance(value, list) else value


def examples(kind: str) -> list[Any]:
    found = []
    for side in SIDES:
        for path in sorted((VECTORS / side).glob("*.json")):
            vector = json.loads(path.read_text(encoding="utf-8"))
            for case in vector[kind]:
                name = f"{side}-{vector['event']}-{case['name']}"
                found.append(pytest.param(side, vector["event"], expand(case), id=name))
    return found


@pytest.mark.parametrize("side", SIDES)
def test_each_event_has_a_vector_file_and_each_file_an_event(side: str) -> None:
    assert {path.stem for path in (VECTORS / side).glob("*.json")} == set(SIDES[side])


@pytest.mark.parametrize(("side", "event", "case"), examples("valid"))
def test_takes_the_valid_examples(side: str, event: str, case: Any) -> None:
    SIDES[side][event](case["message"], "")


@pytest.mark.parametrize(("side", "event", "case"), examples("invalid"))
def test_refuses_the_invalid_examples_by_field(side: str, event: str, case: Any) -> None:
    with pytest.raises(ShapeError) as caught:
        SIDES[side][event](case["message"], "")
    assert caught.value.field == case["field"]


def test_refuses_a_message_whose_parts_are_each_allowed_but_too_big_together() -> None:
    wide = {"epoch": 1, "description": {"type": "offer", "sdp": "ب" * 32768}}
    with pytest.raises(ShapeError) as caught:
        check_from_client("description", wide)
    assert caught.value.field == ""


def test_returns_what_it_was_given() -> None:
    message = {"epoch": 1}
    assert check_from_client("restart", message) is message


@pytest.mark.parametrize("time", ["soon", "2026-13-01T00:00:00+00:00", "2026-11-22T14:00:00", "x" * 41, 7])
def test_an_instant_is_a_time_with_an_offset(time: object) -> None:
    with pytest.raises(ShapeError):
        instant(time, "at")


def test_every_event_has_a_rate() -> None:
    assert set(limits.RATES) == set(FROM_CLIENT)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(event=st.sampled_from(sorted(FROM_CLIENT)), raw=JSON)
def test_no_json_raises_anything_but_a_shape_error(event: str, raw: object) -> None:
    with suppress(ShapeError):
        check_from_client(event, raw)
