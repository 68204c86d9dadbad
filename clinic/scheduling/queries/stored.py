"""Ids and instants as the databases keep them: making objects of thousands of rows is most of a search.

An id is read as text, opaque but for being equal to itself; instants are read as UTC seconds, those of one
person as one text. A list of ids is one parameter, so that a statement reads the same for any number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    String,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from clinic.scheduling.rules.spans import Span

_BETWEEN = ","


@dataclass(frozen=True, slots=True)
class Stored:
    """How one kind of database is read cheaply; the ids that `among` asks for are its parameter `ids`."""

    key: Callable[[Any], ColumnElement[str]]
    second: Callable[[Any], ColumnElement[str]]
    as_second: Callable[[str], int]
    among: Callable[[Any], ColumnElement[bool]]
    ids: Callable[[Iterable[str]], str]

    def spans(self, start: Any, end: Any) -> ColumnElement[str]:
        """Return the stretches of a group of rows as one text, for `read`."""
        pair = self.second(start) + literal_column(f"'{_BETWEEN}'", String) + self.second(end)
        text: ColumnElement[str] = func.aggregate_strings(pair, _BETWEEN)
        return text

    def read(self, text: str) -> list[Span]:
        """Return the stretches in a text, sorted."""
        numbers = list(map(self.as_second, text.split(_BETWEEN)))
        return sorted(zip(numbers[::2], numbers[1::2], strict=True))


def stored(session: Session) -> Stored:
    """Return how the database of `session` is read."""
    return _POSTGRESQL if session.get_bind().dialect.name == "postgresql" else _SQLITE


@lru_cache(maxsize=8192)
def id_of(key: str) -> UUID:
    """Return the id that a database keeps as `key`."""
    return UUID(key)


def _as_text(column: Any) -> ColumnElement[str]:
    return type_coerce(column, String)


def _cast(column: Any) -> ColumnElement[str]:
    return cast(column, String)


@lru_cache(maxsize=65_536)
def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _in_json(column: Any) -> ColumnElement[bool]:
    listed = func.json_each(bindparam("ids", type_=String)).table_valued("value")
    return _as_text(column).in_(select(listed.c.value))


def _in_array(column: Any) -> ColumnElement[bool]:
    listed = cast(bindparam("ids", type_=String), ARRAY(Uuid))
    return type_coerce(column, Uuid) == any_(listed)


_SQLITE = Stored(
    key=_as_text,
    second=_as_text,
    as_second=_second,
    among=_in_json,
    ids=lambda keys: json.dumps(list(keys)),
)
_EPOCH = literal_column("'epoch'", String)  # `extract` counts in numerics, which takes twice as long
_POSTGRESQL = Stored(
    key=_cast,
    second=lambda column: cast(cast(func.date_part(_EPOCH, column), BigInteger), String),
    as_second=int,
    among=_in_array,
    ids=lambda keys: "{" + ",".join(keys) + "}",
)
