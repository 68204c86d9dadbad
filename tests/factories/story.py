"""A clinic over HTTP: its people at browsers of their own, the therapist related to the patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.factories.identity import PASSWORD
from tests.factories.people import Cast, make_cast, treat
from tests.fakes.clock import FakeClock

PURPOSE = {"X-Purpose-Of-Use": "TREAT"}


@dataclass(frozen=True, slots=True)
class Browser:
    """One person at a signed-in browser."""

    client: FlaskClient
    headers: Mapping[str, str]

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send a request as this person."""
        given = {**self.headers, **(headers or {})}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=given)

    def get(self, path: str, **headers: str) -> Any:
        """Return the JSON at `path`; fails on anything but 200."""
        response = self.ask("GET", path, headers=headers)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.get_json()


@dataclass(frozen=True, slots=True)
class Clinic:
    """The application with its people at their browsers."""

    app: Flask
    clock: FakeClock
    cast: Cast

    def browser(self, who: str) -> Browser:
        """Sign `who` in at a browser of their own; staff declare that they treat."""
        client = self.app.test_client()
        token = sign_in(client, f"{who}@clinic.example")
        return Browser(client, token if who.startswith("patient") else {**token, **PURPOSE})

    def step_up(self, browser: Browser) -> None:
        """Prove again who sits there."""
        response = browser.ask("POST", "/session/step-up", {"password": PASSWORD})
        assert response.status_code == 200, response.get_data(as_text=True)

    @property
    def notes(self) -> str:
        """Return the path of the patient's notes."""
        return f"/patients/{self.cast.patient_id}/notes"

    def tick(self) -> None:
        """Let a second pass, so that the log has an order."""
        self.clock.advance(timedelta(seconds=1))


def open_clinic(app: Flask, vault: Vault, clock: FakeClock) -> Clinic:
    """Return a clinic in which the patient has come to `therapist` of their own accord."""
    parts = app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    cast = make_cast(parts.database, vault)
    treat(parts.database, clock, patient=cast.patient, therapist=cast.therapist, by=cast.patient)
    return Clinic(app, clock, cast)
