"""The short authentication string: six digits that two people read to each other to rule out a third.

Each side commits to a nonce before it sees the other's, so that an attacker in the middle has one guess in
a million instead of the few thousand keys that grinding plain digits would take (ZRTP, RFC 6189, 4.4.1.1).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

NONCE_BYTES: Final = 32
_COMMIT_LABEL: Final = b"sakina/sas/commit/1\x00"
_DIGITS_LABEL: Final = b"sakina/sas/1\x00"
_FINGERPRINT: Final = re.compile(r"sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a call: its certificate's SHA-256 and the nonce it drew for this epoch."""

    fingerprint: bytes
    nonce: bytes


def fingerprint(attribute: str) -> bytes:
    """Return the 32 bytes of an SDP fingerprint (RFC 8122) such as `sha-256 AB:CD...`; else ValueError."""
    match = _FINGERPRINT.fullmatch(attribute)
    if match is None:
        raise ValueError("not a SHA-256 fingerprint")
    return bytes.fromhex(match.group(1).replace(":", ""))


def commitment(side: Side) -> str:
    """Return what a side sends before it may learn the other's nonce."""
    return sha256(_COMMIT_LABEL + side.fingerprint + side.nonce).hexdigest()


def keeps(commit: str, side: Side) -> bool:
    """Tell whether a revealed nonce is the one that was committed to, under that certificate."""
    return hmac.compare_digest(commit.encode(), commitment(side).encode())


def digits(one: Side, other: Side) -> str:
    """Return the six digits that both ends show; ValueError if both ends claim one certificate."""
    if one.fingerprint == other.fingerprint:
        raise ValueError("both ends have the same certificate")
    low, high = sorted((one, other), key=lambda side: side.fingerprint)
    digest = sha256(_DIGITS_LABEL + low.fingerprint + low.nonce + high.fingerprint + high.nonce).digest()
    return f"{int.from_bytes(digest[:4], 'big') % 1_000_000:06d}"
