"""The demo clinic as real processes, and people in front of real browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.e2e.media import PEERS
from tests.servers.chromium import open_profile, start_browser
from tests.servers.clinic import ClinicServer

PASSWORD = "demo-Sakina-2026"
OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def clinic(tmp_path_factory: pytest.TempPathFactory, demo: ClinicServer) -> Iterator[ClinicServer]:
    """The demo clinic: web, media and worker; tests choose which times its waitlist offers."""
    extra = {"CLINIC_DEMO": "1", "CLINIC_WAITLIST_OFFERS": "0"}
    server = ClinicServer(tmp_path_factory.mktemp("clinic"), extra=extra, of=demo)
    server.start("web", "media", "worker")
    yield server
    server.stop()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright, driving Debian's Chromium."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser for everybody who needs only a profile of their own."""
    with start_browser(playwright) as browser:
        yield browser


@pytest.fixture
def open_page(clinic: ClinicServer, playwright: Playwright, browser: Browser) -> Iterator[OpenPage]:
    """Open a page for a person: `open_page("patient", "ar", phone=True)` is signed in, None is not.

    Everybody has a profile of their own; with `apart` in a browser of their own too.
    """
    opened = ExitStack()

    def open_for(person: str | None, lang: str, *, phone: bool = False, apart: bool = False) -> Page:
        program = opened.enter_context(start_browser(playwright)) if apart else browser
        profile = open_profile(program, base_url=clinic.base_url, phone=phone, locale=lang)
        opened.enter_context(profile)
        profile.add_init_script(path=PEERS)
        page = profile.pages[0]
        page.set_default_timeout(20_000)
        if person:
            sign_in(page, person, lang)
        return page

    with opened:
        yield open_for


def sign_in(page: Page, person: str, lang: str) -> None:
    """Sign `person` of the demo clinic in, past the form, which has tests of its own."""
    credentials = {"email": f"{person}@demo.invalid", "password": PASSWORD}
    answer = page.request.post("/api/v1/session", data=credentials)
    assert answer.ok, answer.text()
    page.goto(f"/?lang={lang}")
