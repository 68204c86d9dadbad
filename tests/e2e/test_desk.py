"""Reception registers, books, calls off and checks in; the management invites."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, OpenPage
from tests.e2e.soundness import Watch

_NAME = "وداد الشامي"
# The person of the demo clinic whose visit can be joined now.
_HERE_TODAY = "ليلى حمدان"


def test_reception_registers_books_and_cancels(open_page: OpenPage) -> None:
    page = open_page("reception", "ar", phone=True)
    watch = Watch(page)
    page.goto("/patients?new")
    page.locator("[data-test=new-name]").fill(_NAME)
    page.locator("[data-test=new-phone]").fill("+970 2 555 0177")
    page.locator("[data-test=confirm-register]").click()
    expect(page.locator("[data-test=patient-file] h1")).to_have_text(_NAME)
    page.locator("[data-test=book-for]").click()
    page.locator("[data-test=slot-day] > summary").last.click()
    page.locator("[data-test=slot]").last.click()
    page.locator("[data-test=book-now]").click()
    page.wait_for_url("**/calendar?day=*")
    _pick(page, _NAME)
    page.locator("[data-test=cancel]").click()
    page.locator("[data-test=confirm-cancel]").click()
    expect(page.locator("[data-test=event]", has_text=_NAME)).to_have_count(0)
    expect(page.locator("[data-test=picked]")).to_be_focused()
    expect(page.locator("[data-test=free-again]").first).to_be_visible()
    assert watch.complaints == []


def test_reception_invites_whom_it_registered_and_is_told_of_a_second_file(open_page: OpenPage) -> None:
    page = open_page("reception", "fr")
    watch = Watch(page)
    _fill_in(page, "Nadia Chraibi", "nadia.chraibi@clinic.example")
    page.locator("[data-test=confirm-register]").click()
    page.locator("[data-test=invite-online]").click()
    expect(page.locator("[role=status]", has_text="nadia.chraibi@clinic.example")).to_be_visible()
    _fill_in(page, "Nadia C.", "Nadia.Chraibi@clinic.example")
    page.locator("[data-test=confirm-register]").click()
    expect(page.locator("[data-test=known-person]")).to_have_text("Nadia Chraibi")
    page.locator("[data-test=register-anyway]").click()
    expect(page.locator("[data-test=patient-file] h1")).to_have_text("Nadia C.")
    assert watch.complaints == []


def test_reception_checks_in_who_has_come(open_page: OpenPage) -> None:
    page = open_page("reception", "fr")
    page.wait_for_selector("[data-test=event]")
    _pick(page, _HERE_TODAY)
    arrive = page.locator("[data-test=check-in]")
    if arrive.count():  # another story may have brought them in before
        arrive.click()
    event = page.locator("[data-test=event]", has_text=_HERE_TODAY).first
    expect(event).to_have_attribute("data-status", "arrived")


def test_a_search_finds_people_by_address(open_page: OpenPage) -> None:
    page = open_page("reception", "en")
    page.goto("/patients")
    page.wait_for_selector("[data-test=person]")
    page.keyboard.press("/")
    page.keyboard.type("zzzz-nobody")
    expect(page.locator("[data-test=person]")).to_have_count(0)
    page.locator("[data-test=search]").fill("patient@demo")
    expect(page.locator("[data-test=person]").first).to_be_visible()


def test_management_invites_after_proving_who_asks(open_page: OpenPage) -> None:
    page = open_page("manager", "fr")
    page.goto("/team")
    page.locator("[data-test=invite-name]").fill("Rana Abu Ghazaleh")
    page.locator("[data-test=invite-email]").fill("rana@clinic.example")
    page.locator("[data-test=invite]").click()
    page.locator("[data-test=step-up]").fill(PASSWORD)
    page.locator("[data-test=confirm-sign]").click()
    expect(page.locator("[role=status]", has_text="rana@clinic.example")).to_be_visible()


def _fill_in(page: Page, name: str, email: str) -> None:
    page.goto("/patients?new")
    page.locator("[data-test=new-name]").fill(name)
    page.locator("[name=email]").fill(email)


def _pick(page: Page, name: str) -> None:
    page.locator("[data-test=event]", has_text=name).first.click()
    expect(page.locator("[data-test=picked]")).to_contain_text(name)
