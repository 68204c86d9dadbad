"""A small set of codes in one text column, such as `|phone|video|`; the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Dialect, String, TypeDecorator
from sqlalchemy.orm import InstrumentedAttribute


class CodeSet(TypeDecorator[frozenset[str]]):
    """A frozenset of codes, sorted and fenced by `|`, so that a search for one is exact."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        """Return the text; raises ValueError for a code that would break the fence."""
        codes = sorted({str(code) for code in value or ()})
        if any("|" in code or "%" in code or not code for code in codes):
            raise ValueError("a code holds no | and no %")
        return "|" + "".join(f"{code}|" for code in codes)

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str]:
        """Return the codes."""
        return frozenset(code for code in str(value or "").split("|") if code)


def has_code(column: InstrumentedAttribute[frozenset[str]], code: str) -> ColumnElement[bool]:
    """Return the condition that the set in `column` holds `code`."""
    return column.expression.cast(String).contains(f"|{code}|", autoescape=True)
