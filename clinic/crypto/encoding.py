"""Unambiguous concatenation: every field carries its length, so no two lists of fields look alike."""

from __future__ import annotations

from collections.abc import Iterable


def length_prefixed(fields: Iterable[bytes]) -> bytes:
    """Return the fields one after another, each behind its length as a 32-bit big-endian integer."""
    return b"".join(len(value).to_bytes(4, "big") + value for value in fields)
