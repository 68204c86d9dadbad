"""A session from the device test to its end, in two real browsers with fake camera and microphone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.peers import received, wait_for_media, wait_until, wrap
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
    page = open_page("patient", "ar", phone=True)
    wrap(page)
    return page


@pytest.fixture
def therapist(open_page: OpenPage) -> Page:
    """The therapist, at a desk, in French."""
    page = open_page("therapist", "fr")
    wrap(page)
    return page


def test_hears_its_own_voice_back_and_says_how_the_line_is(patient: Page) -> None:
    watch = Watch(patient)
    patient.goto("/device-test")
    expect(patient.locator("[data-test=self-view]")).to_be_visible()
    level = patient.locator("[data-test=mic-level]")
    wait_until(lambda: level.get_attribute("data-level") != "0", "the bars do not move")
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
        wait_for_media(page)
    expect(patient.locator("[data-test=sas]")).to_have_text(therapist.locator("[data-test=sas]").inner_text())
    expect(therapist.locator("[data-test=location]")).to_contain_text("شعفاط")

    patient.reload()
    wait_for_media(patient)
    wait_for_media(therapist)
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
        wait_for_media(page, picture=False)
    clinic.kill("web")
    wait_for_media(patient, picture=False)
    clinic.start("web")
    patient.locator("[data-test=toggle-camera]").click()
    wait_until(lambda: received(therapist).frames > 10, "the camera does not arrive after the restart")
    assert received(patient).count <= received(therapist).count + 1
    expect(patient.locator(_STATE)).to_have_attribute("data-state", "good")
    _end(therapist)


def test_gives_a_telephone_number_when_nothing_has_been_heard_for_twenty_seconds(
    patient: Page, therapist: Page
) -> None:
    visit = _open_visit(patient)
    _admit(therapist, visit)
    _join(patient, visit)
    wait_for_media(patient)
    therapist.evaluate("window.__peers.at(-1).getSenders().forEach((sender) => sender.replaceTrack(null))")
    expect(patient.locator(_STATE)).to_have_attribute("data-state", "lost", timeout=15_000)
    expect(patient.locator("[data-test=fallback-phone]").first).to_contain_text(
        "+970 2 555 0143", timeout=30_000
    )
