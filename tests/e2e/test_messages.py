"""What people are told: the demo's mailbox, what the desk sees of it, and what a guardian may know."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch

_FORGOTTEN = """(email) => fetch('/api/v1/password-resets', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ email }),
}).then((answer) => answer.status)"""


def test_what_would_have_left_lies_in_the_demos_mailbox(open_page: OpenPage) -> None:
    page = open_page(None, "fr")
    watch = Watch(page)
    page.goto("/demo/mailbox?lang=fr")
    assert page.evaluate(_FORGOTTEN, "patient2@demo.invalid") == 202
    way_in = page.locator("a[href*='/password-reset/confirm#']")
    message = page.locator("[data-test=message]").filter(has_text="patient2@demo.invalid").filter(has=way_in)
    refresh = page.get_by_role("button", name="Actualiser")
    for _ in range(20):
        refresh.click()
        page.wait_for_timeout(500)
        if message.count():
            break
    expect(message.first).to_contain_text("Message de Sakina")
    assert watch.complaints == []


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_the_desk_sees_what_was_written_about_a_visit(open_page: OpenPage, lang: str) -> None:
    page = open_page("manager", lang)
    watch = Watch(page)
    page.goto("/deliveries")
    expect(page.locator("[data-test=reminding]").first).to_be_visible()
    page.locator("[data-test=reminding] select").first.select_option("[2880,120]")
    expect(page.locator("[role=status]").first).to_be_attached()
    page.reload()
    expect(page.locator("[data-test=reminding] select").first).to_have_value("[2880,120]")
    page.locator("[data-test=reminding] select").first.select_option("")
    assert watch.complaints == []


def _coming(page: Page) -> int:
    page.goto("/family")
    expect(page.locator("[data-test=ward]")).to_have_count(1)
    page.wait_for_selector("[aria-busy=true]", state="detached")
    return page.locator("[data-test=visit]").count()


def test_a_minor_keeps_visits_to_themselves_and_opens_them_again(open_page: OpenPage) -> None:
    minor, guardian = open_page("minor", "ar", phone=True), open_page("guardian", "ar", phone=True)
    before = _coming(guardian)
    assert before > 0
    minor.goto("/privacy")
    told = minor.locator("[data-test=my-guardians] [data-test=told]")
    expect(told.first).to_be_attached()
    for switch in told.all():
        with minor.expect_response("**/private"):
            switch.uncheck()
    expect(minor.locator("[data-test=told]:checked")).to_have_count(0)
    assert _coming(guardian) == 0
    for switch in told.all():
        with minor.expect_response("**/private"):
            switch.check()
    assert _coming(guardian) == before


def test_reception_writes_a_guardian_down_and_ends_it(open_page: OpenPage) -> None:
    minor, page = open_page("minor", "en"), open_page("reception", "en")
    patient = minor.evaluate("() => JSON.parse(document.getElementById('boot').textContent).user.patient_id")
    page.goto(f"/patients/{patient}")
    form = page.locator("[data-test=guardian-form]")
    form.locator("[name=email]").fill("patient2@demo.invalid")
    form.locator("[name=ends_on]").fill("2028-06-30")
    form.get_by_role("button").click()
    row = page.locator("[data-test=guardian]").filter(has_text="30 June 2028")
    expect(row).to_be_visible()
    row.locator("[data-test=end-guardian]").click()
    expect(row).to_contain_text("Over")
