"""The six digits: the published vectors, and the laws that make them worth reading aloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clinic.video.rules.sas import Side, commitment, digits, fingerprint, keeps

VECTORS: Any = json.loads(
    (Path(__file__).parents[3] / "vectors" / "signalling" / "sas.json").read_text(encoding="utf-8")
)
SIDES = st.builds(
    Side, fingerprint=st.binary(min_size=32, max_size=32), nonce=st.binary(min_size=32, max_size=32)
)


def side(vector: Any) -> Side:
    return Side(fingerprint(vector["fingerprint"]), bytes.fromhex(vector["nonce"]))


@pytest.mark.parametrize("case", VECTORS["valid"], ids=lambda case: case["name"])
def test_both_ends_show_the_published_digits(case: Any) -> None:
    one, other = (side(vector) for vector in case["sides"])
    assert [commitment(s) for s in (one, other)] == [v["commit"] for v in case["sides"]]
    assert digits(one, other) == digits(other, one) == case["digits"]


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["name"])
def test_nothing_is_shown_where_an_end_does_not_keep_its_word(case: Any) -> None:
    one, other = (side(vector) for vector in case["sides"])
    kept = all(keeps(v["commit"], s) for v, s in zip(case["sides"], (one, other), strict=True))
    if kept:
        with pytest.raises(ValueError, match="same certificate"):
            digits(one, other)


@pytest.mark.parametrize("case", VECTORS["fingerprints"]["accepted"], ids=lambda case: case["name"])
def test_reads_sha_256_fingerprints(case: Any) -> None:
    assert fingerprint(case["fingerprint"]).hex() == case["hex"]


@pytest.mark.parametrize("case", VECTORS["fingerprints"]["refused"], ids=lambda case: case["name"])
def test_refuses_any_other_fingerprint(case: Any) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        fingerprint(case["fingerprint"])


@given(one=SIDES, other=SIDES)
def test_order_does_not_matter_and_there_are_always_six_digits(one: Side, other: Side) -> None:
    assume(one.fingerprint != other.fingerprint)
    shown = digits(one, other)
    assert shown == digits(other, one)
    assert len(shown) == 6
    assert shown.isdecimal()


@given(one=SIDES, other=SIDES)
def test_a_commitment_is_kept_by_its_own_side_only(one: Side, other: Side) -> None:
    assume(one != other)
    assert keeps(commitment(one), one)
    assert not keeps(commitment(one), other)
