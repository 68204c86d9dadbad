"""Two patients: to one of them, everything of the other's is exactly what nothing is, on every route."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.functional.identity.conftest import Browser, Letterbox, People

Open = Callable[[str], Browser]
# A body that some route takes, so that the refusal is met and not only the check of the body's form.
BODIES: dict[str, object] = {
    "/patients/<uuid:patient_id>": {"preferred_name": "Sam"},
    "/patients/<uuid:patient_id>/care-team": {"practitioner": str(uuid4())},
}


def _routes(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (method, rule.rule.removeprefix("/api/v1"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if "<uuid:patient_id>" in rule.rule
    )


def _address(rule: str, patient: UUID) -> str:
    """Return the address of `rule` for `patient`; whatever else it names is nothing that there is."""
    return re.sub(r"<uuid:\w+>", str(uuid4()), rule.replace("<uuid:patient_id>", str(patient)))


def test_no_route_tells_another_patient_from_nobody(app: Flask, browser: Open, people: People) -> None:
    amina, routes = browser("amina"), _routes(app)
    assert ("GET", "/patients/<uuid:patient_id>") in routes
    for method, rule in routes:
        answers = [
            amina.send(method, _address(rule, id), BODIES.get(rule, {})) for id in (people.samar, uuid4())
        ]
        theirs, nobodys = ((answer.status_code, answer.get_data()) for answer in answers)
        assert theirs == nobodys, f"{method} {rule}"
        assert theirs[0] in {404, 422}, f"{method} {rule}"


def test_refused_tries_show_in_the_log_of_whom_they_were_about(
    browser: Open, people: People, app: Flask
) -> None:
    browser("amina").get(f"/patients/{people.samar}")
    entries = browser("samar").get(f"/patients/{people.samar}/access-log").get_json()["items"]
    assert ("patient.read", "refused") in {(entry["action"], entry["outcome"]) for entry in entries}


def test_nothing_that_names_a_person_is_logged(
    client: FlaskClient,
    browser: Open,
    people: People,
    letterbox: Letterbox,
    capfd: pytest.CaptureFixture[str],
) -> None:
    password = "a-Secret-Horse-2028"
    registration = {
        "name": "Nour Aloui",
        "email": "nour@clinic.example",
        "password": password,
        "language": "ar",
    }
    client.post("/api/v1/registrations", json=registration)
    token = letterbox.token("/verify")
    client.post("/api/v1/registrations/verify", json={"token": token})
    client.post("/api/v1/session", json={"email": "nour@clinic.example", "password": "wrong-" + password})
    desk = browser("reception")
    desk.send("POST", "/patients/search", {"q": "haddad"})
    desk.send("POST", "/patients", {"name": "Samir Nasri", "language": "fr", "phone": "nonsense-77"})
    client.post(f"/api/v1/invitations/{token}/accept", json={"password": password})
    out, err = capfd.readouterr()
    logged = (out + err).casefold()
    assert "request" in logged
    secrets = ("nour", "aloui", "haddad", "nasri", "nonsense", "clinic.example", password, token)
    assert [secret for secret in secrets if secret.casefold() in logged] == []
