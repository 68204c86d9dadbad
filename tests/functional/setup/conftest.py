"""An empty clinic, and its administrator at their browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clinic.access.actor import Actor, Role
from clinic.db.transaction import transaction
from clinic.vault import Vault
from clinic.web.csrf import csrf_token
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.factories.identity import PASSWORD, make_account
from tests.factories.scheduling import signed_in
from tests.functional.identity.conftest import Letterbox

NAMES = {"ar": "عيادة النور", "fr": "Clinique An-Nour", "en": "An-Nour Clinic"}
PROFILE: Mapping[str, object] = {
    "names": NAMES,
    "tz": "Africa/Casablanca",
    "languages": ["fr", "ar", "en"],
    "digits": "latn",
    "week_start": 0,
    "phone": "+212 5 22 00 00 00",
    "closed_directory": False,
}


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser at /api/v1."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str, **query: object) -> TestResponse:
        """Read."""
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def read(self, path: str) -> tuple[Any, dict[str, str]]:
        """Read a document; return it with the header that a change of it needs."""
        found = self.get(path)
        assert found.status_code == 200, found.get_data(as_text=True)
        return found.get_json(), {"If-Match": found.headers["ETag"]}

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        """Act."""
        return self.client.post(f"/api/v1{path}", json=body or {}, headers={**self.headers, **headers})

    def put(self, path: str, body: object, version: Mapping[str, str]) -> TestResponse:
        """Replace the version that `version` names."""
        return self.client.put(f"/api/v1{path}", json=body, headers={**self.headers, **version})


Open = Callable[..., Browser]


@pytest.fixture
def parts(app: Flask) -> Runtime:
    """The parts of the running application."""
    found = app.extensions["clinic"]
    assert isinstance(found, Runtime)
    return found


@pytest.fixture
def open_browser(app: Flask) -> Open:
    """Open a browser: of a stranger, or signed in as an address."""

    def open_it(email: str | None = None, password: str = PASSWORD) -> Browser:
        client = app.test_client()
        headers = {"Accept-Language": "en"}
        return Browser(client, headers if email is None else {**headers, **sign_in(client, email, password)})

    return open_it


def browser_of(open_browser: Open, parts: Runtime, actor: Actor) -> Browser:
    """Open a browser in which `actor` is signed in."""
    browser = open_browser()
    assert actor.session_id is not None
    with transaction(parts.database) as session:
        browser.client.set_cookie("sid", signed_in(session, actor, parts.clock.now()))
    token = csrf_token(parts.settings.secret_key, actor.session_id)
    return Browser(browser.client, {**browser.headers, "X-CSRF-Token": token})


@pytest.fixture
def admin(parts: Runtime, vault: Vault, open_browser: Open) -> Browser:
    """The browser of `huda@clinic.example`, who administers the clinic and has just proved it."""
    with transaction(parts.database) as session:
        roles = (Role.CLINIC_ADMIN, Role.RECEPTION)
        make_account(session, vault, email="huda@clinic.example", name="Huda", roles=roles)
    browser = open_browser("huda@clinic.example")
    assert browser.post("/session/step-up", {"password": PASSWORD}).status_code == 200
    return browser


@pytest.fixture
def letterbox(app: Flask, parts: Runtime) -> Letterbox:
    """The letters that leave the clinic."""
    return Letterbox(app, parts)
