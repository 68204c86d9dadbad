"""A patient books, moves and cancels on a phone of 390 px, in three languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import overflows

_WORDS = {
    "ar": ("انتقل موعدك إلى", "أُلغي موعدك."),
    "fr": ("Votre rendez-vous est déplacé au", "Votre rendez-vous est annulé."),
    "en": ("Your visit has moved to", "Your visit is cancelled."),
}


def _part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-test={name}]")


def _choose_next_week(page: Page, number: int) -> None:
    """Choose a time of next week, which is past the notice whatever day it is."""
    _part(page, "slot").first.wait_for()
    with page.expect_response("**/api/v1/slots*"):
        page.locator(".h-row button").last.click()
    _part(page, "slot").nth(number).click()
    _part(page, "continue").click()


def _book(page: Page) -> str:
    """Book a time of next week; return the id of the visit."""
    page.goto("/book")
    _part(page, "service").first.click()
    _choose_next_week(page, 0)
    expect(page.locator("h1")).to_be_focused()
    _part(page, "confirm").wait_for()
    chosen = page.locator("time").get_attribute("datetime") or ""
    page.go_back()
    expect(page.locator("input[name=day]:checked")).to_have_value(chosen[:10])
    page.go_forward()
    _part(page, "confirm").click()
    _part(page, "booked").wait_for()
    return page.url.split("booked=")[1].split("&")[0]


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_a_patient_books_moves_and_cancels_on_a_phone(open_page: OpenPage, lang: str) -> None:
    page = open_page("patient2", lang, phone=True)
    moved, cancelled = _WORDS[lang]
    visit = _book(page)
    page.goto(f"/visits/{visit}/details")
    expect(_part(page, "until")).to_be_visible()
    before = page.locator("time").first.get_attribute("datetime")
    _part(page, "move").click()
    _choose_next_week(page, 2)
    assert not overflows(page)
    _part(page, "confirm-move").click()
    page.wait_for_url(f"**/visits/{visit}/details")
    expect(page.get_by_text(moved)).to_be_visible()
    expect(page.locator("time").first).not_to_have_attribute("datetime", before or "")
    page.goto(f"/visits/{visit}/details")
    _part(page, "cancel").click()
    _part(page, "cancel-reason").fill("…")
    _part(page, "confirm-cancel").click()
    expect(page.get_by_text(cancelled)).to_be_visible()
    expect(_part(page, "move")).to_have_count(0)
