"""An open file hears at once that the patient's word has changed, and only its reader does."""

from __future__ import annotations

import pytest
from flask import Flask

from clinic.ids import new_id
from clinic.vault import Vault
from tests.factories.sockets import RoomSocket
from tests.factories.story import Browser, Clinic, open_clinic
from tests.fakes.clock import FakeClock

OK = {"ok": True, "code": "ok"}


@pytest.fixture
def clinic(app: Flask, vault: Vault, clock: FakeClock) -> Clinic:
    """A clinic in which the patient has come to `therapist` of their own accord."""
    return open_clinic(app, vault, clock)


def _page(clinic: Clinic, browser: Browser) -> RoomSocket:
    """Open the patient's file."""
    socket = RoomSocket(clinic.app, browser.client, path="/files")
    assert socket.emit("watch", {"patient": str(clinic.cast.patient_id)}) == OK
    return socket


def _grant(clinic: Clinic) -> str:
    body = {"practitioner": str(clinic.cast.therapist.practitioner_id)}
    path = f"/patients/{clinic.cast.patient_id}/consents"
    made = clinic.browser("patient").ask("POST", path, body)
    return str(made.get_json()["id"])


def _revoke(clinic: Clinic, consent: str) -> None:
    assert clinic.browser("patient").ask("POST", f"/consents/{consent}/revoke").status_code == 200


def test_the_reader_hears_of_a_consent_given_and_taken_back_and_nobody_else_does(clinic: Clinic) -> None:
    reader = clinic.browser("therapist")
    open_file = _page(clinic, reader)
    others = [_page(clinic, clinic.browser(who)) for who in ("therapist2", "supervisor", "patient2")]
    elsewhere = RoomSocket(clinic.app, reader.client, path="/files")
    assert elsewhere.emit("watch", {"patient": str(new_id())}) == OK
    told = [("consent-changed", {"patient": str(clinic.cast.patient_id)})]
    consent = _grant(clinic)
    assert open_file.heard() == told
    _revoke(clinic, consent)
    assert open_file.heard() == told
    assert reader.ask("GET", clinic.notes).get_json()["code"] == "consent_denied"
    assert [socket.heard() for socket in [*others, elsewhere]] == [[], [], [], []]


def test_nothing_is_pushed_to_a_session_that_has_ended(clinic: Clinic) -> None:
    reader = clinic.browser("therapist")
    open_file = _page(clinic, reader)
    assert reader.ask("DELETE", "/session").status_code == 204
    _grant(clinic)
    assert open_file.heard() == []


@pytest.mark.parametrize("message", [None, {}, {"patient": "x"}, {"patient": str(new_id()), "more": 1}, "x"])
def test_what_is_misshapen_is_refused(clinic: Clinic, message: object) -> None:
    socket = RoomSocket(clinic.app, clinic.browser("therapist").client, path="/files")
    assert socket.emit("watch", message) == {"ok": False, "code": "invalid_message", "field": "patient"}


def test_nobody_watches_without_signing_in(clinic: Clinic) -> None:
    assert not RoomSocket(clinic.app, clinic.app.test_client(), path="/files").connected
