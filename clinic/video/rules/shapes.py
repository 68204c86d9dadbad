"""Checks for JSON that a stranger wrote; each names the wrong field and looks no deeper than it must."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

Check: TypeAlias = Callable[[object, str], None]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class ShapeError(ValueError):
    """A message is not of its shape; `field` is the dotted path, empty for the message as a whole."""

    def __init__(self, field: str) -> None:
        """Keep the path only: the value may be anything and belongs in no log."""
        super().__init__(field)
        self.field = field


def _require(holds: bool, path: str) -> None:
    if not holds:
        raise ShapeError(path)


def flag(value: object, path: str) -> None:
    """Accept true and false, not 0 and 1."""
    _require(isinstance(value, bool), path)


def uuid(value: object, path: str) -> None:
    """Accept a UUID in its one canonical spelling (RFC 9562, lower case)."""
    _require(isinstance(value, str) and _UUID.fullmatch(value) is not None, path)


def instant(value: object, path: str) -> None:
    """Accept an RFC 3339 time that says its offset."""
    _require(isinstance(value, str) and len(value) <= 40, path)
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError:
        raise ShapeError(path) from None
    _require(parsed.tzinfo is not None, path)


def integer(low: int, high: int) -> Check:
    """Accept whole numbers from `low` to `high`; booleans are not numbers."""

    def check(value: object, path: str) -> None:
        _require(isinstance(value, int) and not isinstance(value, bool) and low <= value <= high, path)

    return check


def text(longest: int, *, shortest: int = 0, pattern: str | None = None) -> Check:
    """Accept text of bounded length that, where a pattern is given, is matched by it from end to end."""
    compiled = re.compile(pattern) if pattern is not None else None

    def check(value: object, path: str) -> None:
        _require(isinstance(value, str) and shortest <= len(value) <= longest, path)
        _require(compiled is None or compiled.fullmatch(str(value)) is not None, path)

    return check


def one_of(*words: str) -> Check:
    """Accept one of the given words."""
    allowed = frozenset(words)

    def check(value: object, path: str) -> None:
        _require(isinstance(value, str) and value in allowed, path)

    return check


def nullable(inner: Check) -> Check:
    """Accept null, and what `inner` accepts."""

    def check(value: object, path: str) -> None:
        if value is not None:
            inner(value, path)

    return check


def list_of(inner: Check, *, longest: int) -> Check:
    """Accept a list of at most `longest` things; a bad item is named by the list's own path."""

    def check(value: object, path: str) -> None:
        if not isinstance(value, list) or len(value) > longest:
            raise ShapeError(path)
        for item in value:
            inner(item, path)

    return check


def record(
    required: Mapping[str, Check],
    *,
    optional: Mapping[str, Check] | None = None,
    together: Callable[[Mapping[str, object]], str | None] | None = None,
) -> Check:
    """Accept an object with exactly these fields; `together` may name a field that contradicts another."""
    extra = optional or {}
    known = {**required, **extra}

    def check(value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise ShapeError(path)
        prefix = f"{path}." if path else ""
        for name in value:
            _require(isinstance(name, str) and name in known, f"{prefix}{str(name)[:64]}")
        for name, inner in known.items():
            if name in value:
                inner(value[name], f"{prefix}{name}")
            else:
                _require(name in extra, f"{prefix}{name}")
        wrong = together(value) if together is not None else None
        _require(wrong is None, f"{prefix}{wrong}")

    return check
