"""Equality search over sealed identifiers: a keyed hash, never for clinical text.

It leaks which rows hold equal values to whoever has the database, so only high-entropy identifiers
(e-mail, phone, national id) get one. 16 bytes: an account hangs on it, two people must not collide.
"""

from __future__ import annotations

from clinic.crypto.mac import hmac_sha256

INDEX_BYTES = 16


def blind_index(key: bytes, *, field: str, value: str) -> bytes:
    """Return the index of `value`, which the caller has normalised; equal values of two fields differ."""
    return hmac_sha256(key, [b"blind-index", field.encode(), value.encode()])[:INDEX_BYTES]
