"""A session from the device test to its end, in two real browsers with fake camera and microphone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.media import hears, received, sees_and_hears, wait_for
from tests.e2e.soundness import Watch, accessibility_faults
from tests.servers.clinic import ClinicServer

_OPEN_VISIT = """async () => {
  const answer = await fetch('/api/v1/appointments?limit=100');
  return (await answer.json()).items.find((visit) => visit.may_join).id;
}"""
_STATE = "[data-test=connection]"


def _open_visit(page: Page) -> str:
    visit: str = page.evaluate(_OPEN_VISIT)
    return visit


def _join(patient: Page, visit: str, *, sound_only: bool = False) -> None:
    patient.goto(f"/visits/{visit}")
    expect(patient.locator("[data-test=self-view]")).to_be_visible()
    if sound_only:
        patient.locator("[data-test=sound-only]").click()
    patient.locator("[data-test=where-am-i]").fill("شعفاط، القدس")
    patient.locator("[data-test=call-back]").fill("+970 2 555 0143")
    patient.locator("[data-test=join]").click()


def _admit(therapist: Page, visit: str) -> None:
    """Enter the room and let in who waits; after an end for all this is what opens it again."""
    therapist.goto(f"/room/{visit}?admit=1")
    expect(therapist.locator("[data-test=room]")).to_have_attribute("data-phase", "admitted")


def _end(therapist: Page) -> None:
    therapist.locator("[data-test=leave]").click()
    therapist.locator("[data-test=end-for-all]").click()
    expect(therapist.locator("[data-test=enter-again]")).to_be_visible()


@pytest.fixture
def patient(open_page: OpenPage) -> Page:
    """The patient of the open visit, on a phone, in Arabic."""
    return open_page("patient", "ar", phone=True)


@pytest.fixture
def therapist(open_page: OpenPage) -> Page:
    """The therapist, at a desk, in French."""
    return open_page("therapist", "fr")


def test_hears_its_own_voice_back_and_says_how_the_line_is(patient: Page) -> None:
    watch = Watch(patient)
    patient.goto("/device-test")
    expect(patient.locator("[data-test=self-view]")).to_be_visible()
    expect(patient.locator("[data-test=mic-level]")).not_to_have_attribute("data-level", "0")
    expect(patient.locator("[data-test=figures]")).to_be_visible()
    assert received(patient).energy > 0
    patient.locator("[data-test=sound-only]").click()
    expect(patient.locator("[data-test=silhouette]")).to_be_visible()
    assert accessibility_faults(patient) + watch.complaints == []


def test_two_people_meet_keep_their_seats_and_part(patient: Page, therapist: Page) -> None:
    watches = [Watch(patient), Watch(therapist)]
    visit = _open_visit(patient)
    therapist.goto("/today")
    _join(patient, visit)
    expect(patient.locator("[data-test=waiting]")).to_be_visible()
    therapist.locator("[data-test=admit]").first.click()
    expect(patient.locator("[data-test=room]")).to_be_visible()
    for page in (patient, therapist):
        sees_and_hears(page)
    expect(patient.locator("[data-test=sas]")).to_have_text(therapist.locator("[data-test=sas]").inner_text())
    expect(therapist.locator("[data-test=location]")).to_contain_text("شعفاط")

    patient.reload()
    sees_and_hears(patient)
    sees_and_hears(therapist)
    assert patient.url.endswith(f"/room/{visit}")
    assert received(therapist).count == 2

    patient.keyboard.press("m")
    expect(therapist.locator("[data-test=other-muted]")).to_be_visible()
    faults = accessibility_faults(patient) + accessibility_faults(therapist)
    _end(therapist)
    expect(patient.locator("[data-test=after]")).to_be_visible()
    assert faults + [line for watch in watches for line in watch.complaints] == []


def test_speech_goes_on_while_the_web_process_is_dead(
    patient: Page, therapist: Page, clinic: ClinicServer
) -> None:
    visit = _open_visit(patient)
    _admit(therapist, visit)
    _join(patient, visit, sound_only=True)
    for page in (patient, therapist):
        expect(page.locator("[data-test=room]")).to_be_visible()
        hears(page)
    clinic.kill("web")
    hears(patient)
    clinic.start("web")
    patient.locator("[data-test=toggle-camera]").click()
    wait_for(therapist, lambda now: now.frames > 10)
    assert received(patient).count <= received(therapist).count + 1
    expect(patient.locator(_STATE)).to_have_attribute("data-state", "good")
    _end(therapist)


def test_gives_a_telephone_number_when_nothing_has_been_heard_for_twenty_seconds(
    patient: Page, therapist: Page
) -> None:
    visit = _open_visit(patient)
    _admit(therapist, visit)
    patient.clock.install()
    _join(patient, visit)
    sees_and_hears(patient)
    therapist.evaluate("window.__peers.at(-1).getSenders().forEach((sender) => sender.replaceTrack(null))")
    expect(patient.locator(_STATE)).to_have_attribute("data-state", "lost", timeout=15_000)
    number = patient.locator("[data-test=fallback-phone]").first
    patient.clock.fast_forward(10_000)
    expect(number).to_be_hidden()
    patient.clock.fast_forward(6_000)
    expect(number).to_contain_text("+970 2 555 0143", timeout=30_000)
