"""A clinic is made from nothing through its pages, until a stranger is offered a time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.soundness import Watch
from tests.servers.chromium import open_profile
from tests.servers.clinic import ClinicServer

PASSWORD = "premiere-Huda-2026"
_LETTER_WITHIN_SECONDS = 20


@pytest.fixture(scope="module")
def empty_clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClinicServer]:
    """A clinic without the demo: web and worker, and nobody in it."""
    server = ClinicServer(tmp_path_factory.mktemp("empty-clinic"), extra={"CLINIC_DEMO": "0"})
    server.run("init")
    server.start("web", "worker")
    yield server
    server.stop()


@pytest.fixture
def page(empty_clinic: ClinicServer, browser: Browser) -> Iterator[Page]:
    """A page in French, with nobody signed in."""
    with open_profile(browser, base_url=empty_clinic.base_url, phone=False, locale="fr") as profile:
        page = profile.pages[0]
        page.set_default_timeout(20_000)
        yield page


def letter_link(clinic: ClinicServer) -> str:
    """Return the link in the newest letter, as soon as the worker has written it."""
    deadline = time.monotonic() + _LETTER_WITHIN_SECONDS
    while time.monotonic() < deadline:
        for path in sorted((clinic.folder / "var" / "mail").glob("*.eml"), reverse=True):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = letter.get_body(("plain",))
            found = re.search(r"http\S+/invitation#\S+", body.get_content() if body else "")
            if found and "yara" in str(letter["To"]):
                return found[0]
        time.sleep(0.2)
    raise AssertionError("no letter came")


def take_up(page: Page, link: str) -> None:
    """Choose the password that an invitation asks for."""
    page.goto(link)
    page.locator("[data-test=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").click()
    expect(page.locator("#app a[href='/sign-in']")).to_be_visible()


def first_admin(page: Page, clinic: ClinicServer) -> None:
    """Invite the first administrator from the machine and sign them in."""
    printed = clinic.run("users", "create-admin", "huda@clinic.example", "--name", "Huda", "--language", "fr")
    take_up(page, printed.splitlines()[0])
    page.goto("/sign-in?lang=fr")
    page.locator("[data-test=email]").fill("huda@clinic.example")
    page.locator("[data-test=password]").fill(PASSWORD)
    page.locator("[data-test=submit-sign-in]").click()
    page.wait_for_url("**/overview")


def save(page: Page) -> None:
    """Press save and wait until the page says who has changed it."""
    page.locator("[data-test=save]").first.click()
    expect(page.locator("[data-test=changed]").first).to_contain_text("Huda")


def name_clinic_and_place(page: Page) -> None:
    """Fill in what the clinic says of itself, and its site with a room."""
    page.goto("/clinic")
    for code, name in (("ar", "عيادة النور"), ("fr", "Clinique An-Nour"), ("en", "An-Nour Clinic")):
        page.locator(f"[data-test=name-{code}]").fill(name)
    page.locator("[data-test=zone]").select_option("Africa/Casablanca")
    save(page)
    page.goto("/sites/new")
    page.locator("[data-test=name-fr]").fill("Rabat")
    page.locator("[data-test=save]").click()
    page.locator("[data-test=room-name]").fill("Salle 1")
    page.locator("[data-test=add-room]").click()
    expect(page.locator("[data-test=location]")).to_have_count(1)


def offer_a_service(page: Page) -> None:
    """Add a first visit."""
    page.goto("/services/new")
    for code, name in (("ar", "لقاء أول"), ("fr", "Premier entretien"), ("en", "First talk")):
        page.locator(f"[data-test=name-{code}]").fill(name)
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=service-row]")).to_contain_text("Premier entretien")


def invite_therapist(page: Page) -> None:
    """Invite somebody who sees patients, and prove who asks."""
    page.goto("/team")
    page.locator("[data-test=invite-name]").fill("Yara Salem")
    page.locator("[data-test=invite-email]").fill("yara@clinic.example")
    page.locator("[data-test=invite]").click()
    page.locator("[data-test=step-up]").fill(PASSWORD)
    page.locator("[data-test=confirm-sign]").click()
    expect(page.locator("[data-test=colleague]")).to_have_count(2)


def open_for_visits(page: Page) -> None:
    """Say what the therapist offers where, and open their first hours."""
    page.goto("/team")
    page.locator("[data-test=colleague]", has_text="Yara").click()
    page.locator("[data-test=home-site]").select_option(label="Rabat")
    page.locator("[data-test=offered-services] input").check()
    page.locator("[data-test=offers] [data-test=save]").click()
    page.locator("[data-test=open-hours]").click()
    expect(page.locator("[data-test=first-hours]")).to_have_count(0)


def test_a_clinic_is_set_up_from_nothing(empty_clinic: ClinicServer, browser: Browser, page: Page) -> None:
    watch = Watch(page)
    first_admin(page, empty_clinic)
    expect(page.locator("[data-test=task][data-state=to_do]")).to_have_count(7)
    name_clinic_and_place(page)
    offer_a_service(page)
    invite_therapist(page)
    stranger = open_profile(browser, base_url=empty_clinic.base_url, phone=True, locale="fr")
    visitor = stranger.pages[0]
    take_up(visitor, letter_link(empty_clinic))
    open_for_visits(page)
    page.goto("/overview")
    expect(page.locator("[data-test=set-up]")).to_have_attribute("data-ready", "true")
    visitor.goto("/book?lang=fr")
    visitor.locator("[data-test=service]", has_text="Premier entretien").click()
    expect(visitor.locator("[data-test=slot]").first).to_be_visible()
    assert "An-Nour" in visitor.title()
    stranger.close()
    assert watch.complaints == []


def test_of_two_who_edit_one_page_both_versions_are_shown(page: Page) -> None:
    page.goto("/sign-in?lang=fr")
    page.locator("[data-test=email]").fill("huda@clinic.example")
    page.locator("[data-test=password]").fill(PASSWORD)
    page.locator("[data-test=submit-sign-in]").click()
    page.wait_for_url("**/overview")
    page.goto("/clinic")
    expect(page.locator("[data-test=name-fr]")).to_have_value("Clinique An-Nour")
    other = page.context.new_page()
    other.goto("/clinic")
    other.locator("[data-test=name-fr]").fill("Clinique du Jardin")
    save(other)
    expect(other.locator("[data-test=save]")).to_be_enabled()
    page.locator("[data-test=name-fr]").fill("Clinique de la Mer")
    page.locator("[data-test=save]").click()
    both = page.locator("[data-test=both-versions]")
    expect(both).to_contain_text("Clinique du Jardin")
    expect(both).to_contain_text("Clinique de la Mer")
    page.locator("[data-test=keep-mine]").click()
    expect(both).to_have_count(0)
    other.reload()
    expect(other.locator("[data-test=name-fr]")).to_have_value("Clinique de la Mer")
