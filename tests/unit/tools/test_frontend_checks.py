"""The checks of the web app find what they are for."""

from __future__ import annotations

import pytest

from tools.checks.budgets import Manifest, files_of, limit_of
from tools.checks.hosts import named_in
from tools.checks.styles import of_css, of_markup


@pytest.mark.parametrize(
    "rule",
    [
        "margin-left: 1rem",
        "padding-top:0",
        "left: 0",
        "border-top-right-radius: 4px",
        "width: 10px",
        "max-height: 1rem",
        "text-align: right",
        "color: #fff",
        "background: rgba(0, 0, 0, .5)",
    ],
)
def test_a_physical_property_or_a_raw_colour_is_a_fault(rule: str) -> None:
    assert of_css(f".x {{ {rule} }}", tokens=False)


@pytest.mark.parametrize(
    "rule",
    [
        "margin-inline-start: 1rem",
        "inset-block-start: 0",
        "inline-size: 10px",
        "stroke-width: 2",
        "border-block-end-width: 1px",
        "text-align: start",
        "color: var(--ink)",
        "--left-over: 1",
    ],
)
def test_logical_properties_and_tokens_pass(rule: str) -> None:
    assert of_css(f"@media (min-width: 768px) {{ .x {{ {rule} }} }} /* left: 0 */", tokens=False) == []


def test_tokens_may_name_colours() -> None:
    assert of_css(":root { --ink: #1b2a30 }", tokens=True) == []


def test_inline_styles_are_found() -> None:
    assert of_markup('<p style="color: red">') == ["style attribute: color: red"]
    assert of_markup('<p class="x">') == []


def test_an_address_of_others_is_found_and_vocabularies_are_not() -> None:
    assert named_in('fetch("https://fonts.example.com/a.css")') == ["https://fonts.example.com/a.css"]
    assert named_in('xmlns="http://www.w3.org/2000/svg"; a // b.c.d') == []


def test_lazy_imports_do_not_count_and_shared_ones_count_once() -> None:
    manifest: Manifest = {
        "main": {"file": "main.js", "imports": ["shared"], "css": ["main.css"], "dynamicImports": ["late"]},
        "page": {"file": "page.js", "imports": ["shared", "main"]},
        "shared": {"file": "shared.js"},
        "late": {"file": "late.js"},
    }
    assert files_of(manifest, ("main", "page")) == {"main.js", "main.css", "shared.js", "page.js"}


def test_rooms_and_calendars_have_budgets_of_their_own() -> None:
    assert (limit_of("/book", "patient"), limit_of("/room/:id", "bare")) == (35.0, 70.0)
    assert (limit_of("/today", "staff"), limit_of("/calendar", "staff")) == (90.0, 100.0)
