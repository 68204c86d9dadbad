"""JSON between the web and media processes: four bytes of length, then one object; nothing larger passes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

LENGTH_BYTES: Final = 4
LARGEST: Final = 64 * 1024


class FrameError(ValueError):
    """What came is no frame of ours; the connection is of no further use."""


def encode(message: Mapping[str, object]) -> bytes:
    """Return the frame of `message`; raises FrameError where it is too large to send."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LARGEST:
        raise FrameError("too large")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def length_of(header: bytes) -> int:
    """Return how many bytes follow a header; raises FrameError before anything large is read."""
    length = int.from_bytes(header, "big")
    if len(header) != LENGTH_BYTES or not 2 <= length <= LARGEST:
        raise FrameError("bad length")
    return length


def decode(body: bytes) -> Mapping[str, object]:
    """Return the object in a frame's body; raises FrameError for anything else."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise FrameError("not JSON") from None
    if not isinstance(message, dict):
        raise FrameError("not an object")
    return message
