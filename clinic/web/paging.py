"""Lists are read in slices after a keyset; the cursor is opaque to callers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
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
        raise foreign_cursor()
    return tuple(keys)


def page(rows: Sequence[T], limit: int, keys: Callable[[T], tuple[str, ...]]) -> Page[T]:
    """Make a page of `rows`, of which one more than `limit` was asked for to see whether more follow."""
    items = rows[:limit]
    return Page(items, encode_cursor(*keys(items[-1])) if len(rows) > limit else None)


def part(rows: Sequence[T], query: Mapping[str, Any], key: Callable[[T], object]) -> Page[T]:
    """Return the page that a `ShortListQuery` asks for of a list that is read whole; raises Invalid.

    The cursor names the last row by `key`, and where it stood in case it is gone by then.
    """
    start = 0 if query["cursor"] is None else _after(rows, query["cursor"], key)
    end = len(rows) if query["limit"] is None else start + query["limit"]
    items = rows[start:end]
    return Page(items, encode_cursor(str(key(items[-1])), str(end)) if end < len(rows) else None)


def _after(rows: Sequence[T], cursor: str, key: Callable[[T], object]) -> int:
    last, place = decode_cursor(cursor, 2)
    if not (place.isascii() and place.isdigit()):
        raise foreign_cursor()
    found = [number for number, row in enumerate(rows, start=1) if str(key(row)) == last]
    if int(place) in found or not found:
        return int(place) if found else max(0, int(place) - 1)
    return found[0]


def foreign_cursor() -> Invalid:
    """Return the refusal of a cursor that no list of ours has given."""
    return Invalid("invalid", errors={"cursor": ["This cursor was not given by the list."]})


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
            return moment.astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError):
        pass
    raise foreign_cursor()
