"""What patients do alone: book, find a time taken, decide who reads, leave in a hurry."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PASSWORD, OpenPage

_BOOK = """async ([service, practitioner, starts_at, modality]) => {
  const token = JSON.parse(document.getElementById('boot').textContent).csrf_token;
  const answer = await fetch('/api/v1/appointments', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', 'X-CSRF-Token': token, 'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify({service, practitioner, starts_at, modality}),
  });
  return answer.status;
}"""


def _part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-test={name}]")


def _to_slots(page: Page) -> None:
    page.goto("/book")
    _part(page, "service").first.click()
    _part(page, "slot").first.wait_for()


def test_a_stranger_chooses_first_and_signs_in_before_confirming(open_page: OpenPage) -> None:
    page = open_page(None, "en", phone=True)
    page.goto("/?lang=en")
    _to_slots(page)
    with page.expect_response(lambda response: "practitioner=" in response.url):
        _part(page, "whom").select_option(index=1)
    name = _part(page, "whom").locator("option:checked").inner_text()
    expect(_part(page, "slot").filter(has_not_text=name)).to_have_count(0)
    _part(page, "wishes").locator("summary").click()
    with page.expect_response(lambda response: "part=afternoon" in response.url):
        _part(page, "wish-part").select_option("afternoon")
    expect(_part(page, "slot").first).to_contain_text(re.compile("1[2-6]:"))
    _part(page, "slot").nth(3).click()
    _part(page, "continue").click()
    page.wait_for_url("**/sign-in?next=*")
    _part(page, "email").fill("guardian@demo.invalid")
    _part(page, "password").fill(PASSWORD)
    _part(page, "submit-sign-in").click()
    _part(page, "confirm").click()
    expect(_part(page, "booked")).to_contain_text("Your visit is booked")


def test_a_time_taken_meanwhile_offers_three_near_it(open_page: OpenPage) -> None:
    page, faster = open_page("guardian", "fr", phone=True), open_page("patient2", "en")
    _to_slots(page)
    _part(page, "slot").last.click()
    chosen = page.locator("[data-test=slot] input:checked").get_attribute("value")
    starts_at, practitioner = (chosen or "|").split("|")
    service = re.search(r"service=([0-9a-f-]+)", page.url)
    assert service is not None
    assert faster.evaluate(_BOOK, [service[1], practitioner, starts_at, "video"]) == 201
    _part(page, "continue").click()
    expect(page.get_by_role("status").filter(has_text="vient d’être pris")).to_be_visible()
    expect(_part(page, "slot")).to_have_count(3)
    expect(_part(page, "slot").first).to_be_focused()
    _part(page, "slot").first.click()
    _part(page, "confirm").click()
    expect(_part(page, "booked")).to_contain_text("Votre rendez-vous est pris")


def test_stopping_and_allowing_ask_once_and_stand_in_the_log(open_page: OpenPage) -> None:
    page = open_page("patient", "ar", phone=True)
    page.goto("/privacy")
    _part(page, "revoke").first.click()
    _part(page, "confirm-revoke").click()
    expect(_part(page, "revoke")).to_have_count(0)
    _part(page, "grant").first.click()
    expect(_part(page, "revoke")).to_have_count(0)
    _part(page, "confirm-grant").click()
    expect(_part(page, "revoke")).to_have_count(1)
    page.goto("/privacy/log")
    page.get_by_role("button", name="الكل").click()
    for action in ("consent.revoke", "consent.grant"):
        expect(page.locator(f"[data-test=log-entry][data-action='{action}']").first).to_be_visible()


def test_a_wrong_password_is_said_once_and_read_out(open_page: OpenPage) -> None:
    page = open_page(None, "en")
    page.goto("/sign-in?lang=en")
    _part(page, "email").fill("nobody@demo.invalid")
    _part(page, "password").fill("not the password")
    _part(page, "submit-sign-in").click()
    expect(_part(page, "error")).to_be_focused()
    expect(_part(page, "password")).to_have_value("")
    expect(_part(page, "email")).to_have_value("nobody@demo.invalid")


def test_a_session_that_is_over_leads_to_sign_in_and_back(open_page: OpenPage) -> None:
    page = open_page("patient", "en")
    page.goto("/visits")
    _part(page, "book").wait_for()
    page.context.clear_cookies()
    page.goto("/visits?lang=en")
    page.wait_for_url("**/sign-in?next=*")
    _part(page, "email").fill("patient@demo.invalid")
    _part(page, "password").fill(PASSWORD)
    _part(page, "submit-sign-in").click()
    page.wait_for_url("**/visits*")


@pytest.mark.parametrize("way", ["button", "keys"])
def test_leaving_quickly_shows_a_neutral_page(open_page: OpenPage, way: str) -> None:
    page = open_page("patient", "fr", phone=True)
    _part(page, "book").first.wait_for()
    if way == "button":
        page.locator("[data-exit]").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("about:blank")


def test_signing_out_closes_the_pages_of_the_patient(open_page: OpenPage) -> None:
    page = open_page("patient", "en")
    _part(page, "sign-out").click()
    expect(page.get_by_role("heading", name="Welcome to Sakina")).to_be_visible()
    page.goto("/privacy")
    page.wait_for_url("**/sign-in?next=*")
