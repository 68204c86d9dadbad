"""A therapist writes, loses the network, meets another version, signs and amends; a colleague is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PASSWORD, OpenPage
from tests.e2e.soundness import Watch

_STORED = """async () => {
  const open = indexedDB.open('drafts', 1);
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = database.transaction('drafts').objectStore('drafts').getAll();
  const found = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  database.close();
  return found.map((blob) => new TextDecoder('latin1').decode(blob));
}"""


def _state(page: Page) -> Locator:
    return page.locator("[data-test=save-state]")


def _expect_state(page: Page, state: str) -> None:
    expect(_state(page)).to_have_attribute("data-state", state, timeout=15_000)


def _save(page: Page, state: str = "saved") -> None:
    """Save by the keyboard instead of waiting until the page does by itself."""
    _part(page, 0).press("Control+s")
    _expect_state(page, state)


def _part(page: Page, number: int) -> Locator:
    return page.locator("[data-test=note-section]").nth(number)


@pytest.fixture
def desk(open_page: OpenPage) -> Iterator[Page]:
    """The therapist before a new note of the patient who comes next."""
    page = open_page("therapist", "fr")
    watch = Watch(page)
    page.wait_for_selector("[data-test=visit]")
    person = page.locator("[data-test=visit] a").first.get_attribute("href") or ""
    page.goto(f"/notes/new?patient={person.rsplit('/', 1)[-1]}")
    page.wait_for_selector("[data-test=note-section]")
    yield page
    assert watch.complaints == []


def test_a_note_is_saved_while_it_is_written_and_found_again(desk: Page) -> None:
    _expect_state(desk, "saved")
    _part(desk, 0).press_sequentially("نام ست ساعات.")
    _expect_state(desk, "saving")
    _expect_state(desk, "saved")
    desk.wait_for_url("**/notes/*-*")
    desk.reload()
    expect(_part(desk, 0)).to_have_value("نام ست ساعات.")
    number = desk.locator("[data-test=note]").get_attribute("data-id")
    desk.goto("/today")
    expect(desk.locator(f"[data-test=to-sign][href='/notes/{number}']")).to_be_visible()


def test_without_network_the_text_lies_sealed_on_the_device_and_goes_out_later(desk: Page) -> None:
    _part(desk, 0).fill("Premier mot.")
    _save(desk)
    desk.context.set_offline(True)
    _part(desk, 1).fill("Ecrit pendant la coupure.")
    _expect_state(desk, "device")
    stored = desk.evaluate(_STORED)
    assert len(stored) == 1
    assert "coupure" not in stored[0]
    desk.context.set_offline(False)
    _expect_state(desk, "saved")
    desk.wait_for_function(f"({_STORED})().then((kept) => kept.length === 0)")


def test_another_version_stands_beside_ones_own_and_nothing_is_overwritten(desk: Page) -> None:
    _part(desk, 0).fill("Au départ.")
    _save(desk)
    other = desk.context.new_page()
    other.goto(desk.url)
    _part(other, 0).fill("Écrit ailleurs.")
    _save(other)
    _part(desk, 0).fill("Écrit ici.")
    _save(desk, "conflict")
    expect(desk.locator("[data-test=conflict]")).to_contain_text("Écrit ailleurs.")
    expect(desk.locator("[data-test=sign]")).to_have_attribute("aria-disabled", "true")
    expect(_part(desk, 0)).to_have_value("Écrit ici.")
    desk.locator("[data-test=keep-mine]").click()
    _expect_state(desk, "saved")
    desk.reload()
    expect(_part(desk, 0)).to_have_value("Écrit ici.")


def test_signing_asks_for_the_password_locks_and_can_be_completed(desk: Page, open_page: OpenPage) -> None:
    for number in range(3):
        _part(desk, number).fill(f"Partie {number}.")
    desk.locator("[data-test=sign]").click()
    desk.locator("[data-test=step-up]").fill("not the password")
    desk.locator("[data-test=confirm-sign]").click()
    expect(desk.locator("[data-code=wrong_password]")).to_be_visible()
    _confirm(desk)
    expect(desk.locator("[data-test=signed]")).to_be_visible()
    _expect_state(desk, "locked")
    desk.locator("[data-test=amend]").click()
    _part(desk, 2).fill("Partie 2, complétée.")
    desk.locator("[data-test=amend-reason]").fill("Un oubli.")
    desk.locator("[data-test=amend-save]").click()
    _confirm(desk)
    expect(desk.locator("[data-test=note]")).to_contain_text("Partie 2, complétée.")
    _is_refused(open_page("therapist2", "ar"), desk.url)


def _confirm(page: Page) -> None:
    page.locator("[data-test=step-up]").fill(PASSWORD)
    page.locator("[data-test=confirm-sign]").click()


def _is_refused(page: Page, address: str) -> None:
    page.goto(address)
    refused = page.locator("[data-test=refused]")
    expect(refused).to_have_attribute("data-code", "consent_denied")
    expect(refused).to_contain_text("لا متابعة مسجّلة")


def test_an_open_note_closes_when_the_patient_stops_it_and_opens_when_they_allow_it(
    open_page: OpenPage,
) -> None:
    patient, desk = open_page("patient", "fr", phone=True), open_page("therapist", "fr")
    person = patient.evaluate("JSON.parse(document.getElementById('boot').textContent).user.patient_id")
    desk.goto(f"/notes/new?patient={person}")
    _part(desk, 0).fill("À lire avec son accord.")
    _save(desk)
    desk.wait_for_url("**/notes/*-*")
    reading = desk.context.new_page()
    reading.goto(desk.url)
    expect(_part(reading, 0)).to_have_value("À lire avec son accord.")
    patient.goto("/privacy")
    patient.locator("[data-test=revoke]").first.click()
    patient.locator("[data-test=confirm-revoke]").click()
    for page in (desk, reading):
        refused = page.locator("[data-test=refused]")
        expect(refused).to_have_attribute("data-code", "consent_denied", timeout=2_000)
        expect(page.locator("[data-test=note-section]")).to_have_count(0)
    patient.locator("[data-test=grant]").first.click()
    patient.locator("[data-test=confirm-grant]").click()
    for page in (desk, reading):
        expect(_part(page, 0)).to_have_value("À lire avec son accord.")
