"""Message authentication and pseudonyms: HMAC-SHA256 (RFC 2104) over length-prefixed fields."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from clinic.crypto.encoding import length_prefixed


def hmac_sha256(key: bytes, fields: Iterable[bytes]) -> bytes:
    """Return the 32-byte MAC of the fields; no other list of fields has the same input."""
    return hmac.digest(key, length_prefixed(fields), "sha256")


def matches(expected: bytes, given: bytes) -> bool:
    """Tell whether two MACs are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(expected, given)
