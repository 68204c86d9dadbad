"""The whole story: book, try the devices, wait, talk, reload, write, sign, be refused, read the log."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, OpenPage
from tests.e2e.media import sees_and_hears, wait_for


def by(name: str) -> str:
    """Return the selector of what carries `data-test=name`."""
    return f"[data-test={name}]"


def test_a_visit_from_booking_to_the_access_log(open_page: OpenPage) -> None:
    patient = open_page("patient", "ar", phone=True, apart=True)
    therapist = open_page("therapist", "fr", apart=True)
    _book(patient)
    appointment = _next_visit(patient)
    _hear_oneself(patient)
    _wait(patient, appointment)
    _admit(therapist, appointment)
    for page in (patient, therapist):
        expect(page.locator(by("room"))).to_be_visible()
        sees_and_hears(page)
    _reload(patient)
    sees_and_hears(patient)
    sees_and_hears(therapist)
    file = _write_and_sign(therapist)
    _hang_up(patient)
    _is_refused(open_page("therapist2", "fr"), file)
    _finds_both_in_the_log(patient)


def _book(page: Page) -> None:
    page.goto("/book")
    page.locator(by("service"), has_text="جلسة متابعة").click()
    page.locator(by("whom")).select_option(label="سلمى الإدريسي")
    page.locator(by("slot")).first.click()
    page.locator(by("continue")).click()
    page.locator(by("confirm")).click()
    expect(page.locator(by("booked"))).to_be_visible()


def _next_visit(page: Page) -> str:
    """Open the way to the visit that can be joined now and return its id."""
    page.goto("/")
    expect(page.locator(by("next-visit"))).to_be_visible()
    page.locator(by("enter-waiting-room")).click()
    page.wait_for_url(re.compile(r"/visits/"))
    return page.url.split("/visits/")[1].split("?")[0]


def _hear_oneself(page: Page) -> None:
    """Let the device test send one's own voice to the media process, hear it back and say how it went."""
    page.goto("/device-test")
    wait_for(page, lambda now: now.energy > 0)
    expect(page.locator(by("line"))).to_have_attribute(
        "data-words", re.compile("good|fair|poor"), timeout=40_000
    )
    expect(page.locator(by("figures"))).to_be_visible()


def _wait(page: Page, appointment: str) -> None:
    page.goto(f"/visits/{appointment}")
    expect(page.locator(by("self-view"))).to_be_visible()
    expect(page.locator(by("mic-level"))).to_be_visible()
    page.locator(by("where-am-i")).fill("القدس، شعفاط")
    page.locator(by("join")).click()
    expect(page.locator(by("waiting"))).to_be_visible()


def _admit(page: Page, appointment: str) -> None:
    page.goto("/today")
    expect(page.locator(by("arrival"))).to_be_visible()
    page.locator(by("admit")).first.click()
    page.wait_for_url(re.compile(f"/room/{appointment}"))


def _reload(page: Page) -> None:
    """Lose the page in the middle of the call and come back to the same seat."""
    page.reload()
    expect(page.locator(f"{by('room')}[data-phase=admitted]")).to_be_visible()


def _write_and_sign(page: Page) -> str:
    """Write and sign the note beside the call; return the path of the patient's file."""
    page.locator(by("note-section")).first.fill("Dort mieux. « حتى في المطر »")
    expect(page.locator(f"{by('save-state')}[data-state=saved]")).to_be_visible()
    page.locator(by("sign")).click()
    page.locator(by("step-up")).fill(PASSWORD)
    page.locator(by("confirm-sign")).click()
    expect(page.locator(by("signed")).first).to_be_visible()
    note = page.locator(by("note")).first.get_attribute("data-id")
    answer = page.request.get(f"/api/v1/notes/{note}", headers={"X-Purpose-Of-Use": "TREAT"})
    assert answer.status == 200
    return f"/patients/{answer.json()['patient']}"


def _hang_up(page: Page) -> None:
    page.locator(by("leave")).click()
    page.wait_for_url(re.compile("/after"))


def _is_refused(page: Page, file: str) -> None:
    page.goto(file)
    refused = page.locator(by("refused"))
    expect(refused).to_be_visible()
    expect(refused).to_have_attribute("data-code", "consent_denied")
    assert len(refused.inner_text().strip()) > 40  # a sentence, not a code


def _finds_both_in_the_log(page: Page) -> None:
    page.goto("/privacy/log")
    expect(page.locator(f"{by('log-entry')}[data-outcome=refused]").first).to_be_visible()
    expect(page.locator(f"{by('log-entry')}[data-outcome=allowed]").first).to_be_visible()
