"""The desk asks whoever is on call, then somebody by name, who takes it on and says what came of it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch, accessibility_faults


def _card(page: Page, name: str) -> Locator:
    return page.locator("[data-test=urgent-request]").filter(has_text=name)


def _ask(desk: Page) -> str:
    """Ask for the first person of the list, on their own page; return their name."""
    desk.goto("/patients")
    desk.locator("a[href^='/patients/']").first.click()
    name = desk.locator("[data-test=patient-file] h1").inner_text()
    desk.locator("[data-test=ask]").click()
    desk.locator("[data-test=ask-phone]:visible").fill("+970 59 000 0000")
    assert accessibility_faults(desk) == []
    desk.locator("[data-test=send-request]:visible").click()
    expect(desk.locator("[data-test=ask-phone]:visible")).to_have_count(0)
    return name


def test_a_request_goes_from_the_desk_to_a_therapist_who_closes_it(open_page: OpenPage) -> None:
    desk, therapist = open_page("reception", "fr"), open_page("therapist", "ar", phone=True)
    watches = [Watch(desk), Watch(therapist)]
    therapist.goto("/today")
    name = _ask(desk)
    desk.goto("/on-call")
    _card(desk, name).locator("[data-test=hand-on]").click()
    who = desk.locator("[data-test=hand-to]:visible")
    who.select_option(label="سلمى الإدريسي")
    desk.locator("[data-test=confirm-hand-on]:visible").click()
    expect(desk.locator("[data-test=hand-to]:visible")).to_have_count(0)

    asked = _card(therapist, name)
    asked.locator("[data-test=claim]").click()
    expect(asked).to_have_attribute("data-state", "claimed")
    assert accessibility_faults(therapist) == []
    expect(_card(desk, name)).to_have_attribute("data-state", "claimed")
    asked.locator("[data-test=soon-visit]").click()
    expect(therapist.locator("[data-test=soon-time]:visible").first).to_be_visible()
    assert accessibility_faults(therapist) == []
    therapist.keyboard.press("Escape")
    asked.locator("[data-test=close-request]").click()
    therapist.locator("[data-test=outcome]:visible").first.click()
    therapist.locator("[data-test=confirm-close]:visible").click()
    expect(asked).to_have_count(0)
    expect(_card(desk, name)).to_have_attribute("data-state", "closed")
    assert [complaint for watch in watches for complaint in watch.complaints] == []


def test_the_desk_adds_rules_and_lets_somebody_step_in(open_page: OpenPage) -> None:
    desk = open_page("manager", "en")
    watch = Watch(desk)
    desk.goto("/on-call")
    desk.locator("[data-test=edit-rota]").first.click()
    rules = desk.locator("[data-test=duty-rule]")
    expect(rules.first).to_be_visible()
    before = rules.count()
    desk.locator("[data-test=add-rules] > summary").click()
    desk.locator("[data-test=rule-step]").select_option("3")
    desk.locator("[data-test=rule-days] input").first.check()
    desk.locator("[data-test=push-rules]").click()
    expect(rules).to_have_count(before + 1)
    desk.locator("[data-test=save-rota]").click()
    expect(desk.locator("[role=status] .toast").last).to_be_visible()
    desk.locator("[data-test=save-cover]").click()
    expect(desk.locator("[data-test=cover]")).to_have_count(1)
    assert accessibility_faults(desk) == []
    desk.locator("[data-test=leave-rota]").click()
    expect(desk.locator("[data-test=week]").first).to_be_visible()
    assert watch.complaints == []
