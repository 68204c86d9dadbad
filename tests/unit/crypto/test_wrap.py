"""A wrapped key opens at its own place, under its own wrapping key."""

from __future__ import annotations

import pytest

from clinic.crypto import aead
from clinic.crypto.errors import Unopenable
from clinic.crypto.wrap import WRAPPED_BYTES, unwrap, wrap

WRAPPING = bytes(range(32))
KEY = bytes(range(32, 64))


def test_returns_the_key() -> None:
    wrapped = wrap(WRAPPING, KEY, [b"dek", b"patient"])
    assert len(wrapped) == WRAPPED_BYTES
    assert unwrap(WRAPPING, wrapped, [b"dek", b"patient"]) == KEY


def test_refuses_another_place_key_or_byte() -> None:
    wrapped = wrap(WRAPPING, KEY, [b"dek", b"patient"])
    for key, blob, context in (
        (WRAPPING, wrapped, [b"dek", b"other"]),
        (KEY, wrapped, [b"dek", b"patient"]),
        (WRAPPING, wrapped[:-1], [b"dek", b"patient"]),
        *(
            (WRAPPING, wrapped[:i] + bytes([wrapped[i] ^ 1]) + wrapped[i + 1 :], [b"dek", b"patient"])
            for i in range(60)
        ),
    ):
        with pytest.raises(Unopenable):
            unwrap(key, blob, context)


@pytest.mark.parametrize(("key", "nonce"), [(bytes(16), bytes(12)), (bytes(32), bytes(16))])
def test_refuses_keys_and_nonces_of_other_sizes(key: bytes, nonce: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        aead.encrypt(key, nonce, b"", b"")
    with pytest.raises(ValueError, match="32 bytes"):
        aead.decrypt(key, nonce, bytes(16), b"")
