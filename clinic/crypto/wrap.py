"""A key sealed under another key: random nonce, AES-256-GCM, and the place it belongs to as context."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from clinic.crypto import aead
from clinic.crypto.encoding import length_prefixed
from clinic.crypto.errors import Unopenable

WRAPPED_BYTES = aead.NONCE_BYTES + aead.KEY_BYTES + aead.TAG_BYTES


def wrap(wrapping_key: bytes, key: bytes, context: Sequence[bytes]) -> bytes:
    """Return `key` sealed under `wrapping_key`, to be opened with the same `context` only."""
    nonce = secrets.token_bytes(aead.NONCE_BYTES)
    return nonce + aead.encrypt(wrapping_key, nonce, key, length_prefixed(context))


def unwrap(wrapping_key: bytes, wrapped: bytes, context: Sequence[bytes]) -> bytes:
    """Return the key inside `wrapped`; raises Unopenable for another key, place or size."""
    if len(wrapped) != WRAPPED_BYTES:
        raise Unopenable
    nonce, sealed = wrapped[: aead.NONCE_BYTES], wrapped[aead.NONCE_BYTES :]
    return aead.decrypt(wrapping_key, nonce, sealed, length_prefixed(context))
