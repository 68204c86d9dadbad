"""Lists are read in slices after a keyset; the cursor is opaque to callers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from clinic.errors import Invalid

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One slice of a list, and where the next begins (None: this was the last)."""

    items: Sequence[T]
    next: str | None


def encode_cursor(*keys: str) -> str:
    """Return the cursor that stands after the row with these sort keys."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, width: int) -> tuple[str, ...]:
    """Return the sort keys in `cursor`; raises Invalid unless there are `width` texts."""
    try:
        keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        keys = None
    if not isinstance(keys, list) or len(keys) != width or not all(isinstance(key, str) for key in keys):
        raise Invalid("invalid", errors={"cursor": ["This cursor was not given by the list."]})
    return tuple(keys)


def page(rows: Sequence[T], limit: int, keys: Callable[[T], tuple[str, ...]]) -> Page[T]:
    """Make a page of `rows`, of which one more than `limit` was asked for to see whether more follow."""
    items = rows[:limit]
    return Page(items, encode_cursor(*keys(items[-1])) if len(rows) > limit else None)


def moment_keys(at: datetime, row_id: UUID) -> tuple[str, str]:
    """Return the sort keys of a row in a list that runs by time."""
    return at.isoformat(), str(row_id)


def decode_moment(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the place in a list by time that `cursor` names, or None for its start; raises Invalid."""
    if cursor is None:
        return None
    at, row_id = decode_cursor(cursor, 2)
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is not None:
            return moment, UUID(row_id)
    except ValueError:
        pass
    raise Invalid("invalid", errors={"cursor": ["This cursor was not given by the list."]})
