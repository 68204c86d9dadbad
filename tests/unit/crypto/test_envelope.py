"""A sealed blob opens at its own place with its own key, and nowhere else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.crypto import aead, envelope
from clinic.crypto.encoding import length_prefixed
from clinic.crypto.envelope import DataKey, key_id, seal, unseal
from clinic.crypto.errors import Unopenable
from tests.unit.crypto.vectors import load

KEY = DataKey(id=UUID("5f0c6a3e-0b7e-4f0a-9a54-0d7f2a1b3c4d"), secret=bytes(range(32)))
CONTEXT = (b"patient", b"note", b"\0\0\0\1")
TEXT = "المريض ينام أفضل منذ أسبوع 🌙".encode()


def _sealed(text: bytes = TEXT) -> bytes:
    return seal(KEY, label=b"note", context=CONTEXT, plaintext=text)


def _open(blob: bytes) -> bytes:
    return unseal(KEY, label=b"note", context=CONTEXT, blob=blob)


@given(st.binary(max_size=5000))
def test_returns_what_was_sealed(text: bytes) -> None:
    assert _open(_sealed(text)) == text


def test_returns_a_mebibyte() -> None:
    text = b"\x80\x00" * (1 << 19)
    assert _open(_sealed(text)) == text


@pytest.mark.parametrize("vector", load("golden_ecn1.json"), ids=lambda vector: str(vector["id"]))
def test_opens_blobs_of_every_release(vector: dict[str, object]) -> None:
    key = DataKey(id=UUID(str(vector["key_id"])), secret=bytes.fromhex(str(vector["key"])))
    context = [bytes.fromhex(field) for field in str(vector["context"]).split("|")]
    blob = bytes.fromhex(str(vector["blob"]))
    opened = unseal(key, label=str(vector["label"]).encode(), context=context, blob=blob)
    assert opened == str(vector["plaintext"]).encode()


def test_refuses_a_flip_of_any_byte() -> None:
    blob = _sealed()
    for position in range(len(blob)):
        for mask in (0x01, 0x80, 0xFF):
            altered = bytearray(blob)
            altered[position] ^= mask
            with pytest.raises(Unopenable):
                _open(bytes(altered))


def test_refuses_a_blob_cut_at_any_byte() -> None:
    blob = _sealed()
    for length in range(len(blob)):
        with pytest.raises(Unopenable):
            _open(blob[:length])
    with pytest.raises(Unopenable):
        _open(blob + b"\0")


@pytest.mark.parametrize("position", range(len(CONTEXT)))
def test_refuses_any_other_context(position: int) -> None:
    blob = _sealed()
    context = list(CONTEXT)
    context[position] += b"x"
    with pytest.raises(Unopenable):
        unseal(KEY, label=b"note", context=context, blob=blob)


def test_refuses_a_context_whose_fields_were_cut_elsewhere() -> None:
    blob = seal(KEY, label=b"note", context=(b"ab", b"c"), plaintext=TEXT)
    for context in ((b"a", b"bc"), (b"abc",), (b"ab", b"c", b"")):
        with pytest.raises(Unopenable):
            unseal(KEY, label=b"note", context=context, blob=blob)


def test_refuses_another_label() -> None:
    with pytest.raises(Unopenable):
        unseal(KEY, label=b"message", context=CONTEXT, blob=_sealed())


def test_refuses_another_key_under_the_same_id() -> None:
    other = DataKey(id=KEY.id, secret=bytes(32))
    with pytest.raises(Unopenable):
        unseal(other, label=b"note", context=CONTEXT, blob=_sealed())


def test_refuses_the_same_key_under_another_id() -> None:
    other = DataKey(id=uuid4(), secret=KEY.secret)
    with pytest.raises(Unopenable):
        unseal(other, label=b"note", context=CONTEXT, blob=_sealed())


def test_checks_the_commitment_before_the_ciphertext(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blob made to decrypt under a second key is refused though its tag would be right."""
    blob = bytearray(_sealed())
    blob[envelope.OVERHEAD - aead.TAG_BYTES - aead.NONCE_BYTES - 1] ^= 1  # the commitment's last byte

    def never(*_: object) -> bytes:
        raise AssertionError("looked at the ciphertext of a blob that is not committed to its key")

    monkeypatch.setattr(aead, "decrypt", never)
    with pytest.raises(Unopenable):
        _open(bytes(blob))


def test_seals_the_same_text_differently_each_time() -> None:
    assert len({_sealed()[21:] for _ in range(50)}) == 50


def test_tells_the_id_of_its_key() -> None:
    assert key_id(_sealed()) == KEY.id
    with pytest.raises(Unopenable):
        key_id(b"ECN2" + _sealed()[4:])


def test_never_prints_a_key() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY.secret) not in repr(KEY)


@given(st.lists(st.binary(max_size=8), max_size=5), st.lists(st.binary(max_size=8), max_size=5))
@settings(max_examples=300)
def test_no_two_lists_of_fields_look_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (length_prefixed(one) == length_prefixed(other)) == (one == other)
