"""Lists that are read whole, handed out in parts."""

from __future__ import annotations

import pytest

from clinic.errors import Invalid
from clinic.web.paging import encode_cursor, part


def _all(rows: list[str], limit: int) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = part(rows, {"limit": limit, "cursor": cursor}, str)
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == limit
        cursor = page.next


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 200])
def test_the_parts_are_the_whole(limit: int) -> None:
    assert _all(list("clinq"), limit) == list("clinq")


def test_without_a_limit_the_list_comes_whole() -> None:
    page = part(list("clinq"), {"limit": None, "cursor": None}, str)
    assert (list(page.items), page.next) == (list("clinq"), None)


def test_what_is_new_before_the_cursor_moves_nothing() -> None:
    first = part(list("abcd"), {"limit": 2, "cursor": None}, str)
    assert list(part(list("xabcd"), {"limit": 2, "cursor": first.next}, str).items) == ["c", "d"]


def test_a_row_that_is_gone_is_gone_on_from() -> None:
    first = part(list("abcd"), {"limit": 2, "cursor": None}, str)
    assert list(part(list("acd"), {"limit": 2, "cursor": first.next}, str).items) == ["c", "d"]


def test_rows_with_the_same_key_are_all_handed_out() -> None:
    assert _all(list("sakkkina"), 2) == list("sakkkina")


@pytest.mark.parametrize(
    "cursor", ["x", encode_cursor("a"), encode_cursor("a", "-1"), encode_cursor("a", "x")]
)
def test_a_cursor_from_elsewhere_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        part(list("abcd"), {"limit": 2, "cursor": cursor}, str)
