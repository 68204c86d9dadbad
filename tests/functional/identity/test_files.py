"""Somebody whom the desk has registered gets an account for that very file; no file is made twice unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clinic.audit import queries as trail
from clinic.db.transaction import snapshot
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.fakes.clock import FakeClock
from tests.functional.identity.conftest import Browser, Letterbox, People, names

Open = Callable[[str], Browser]
PERSON = {"name": "Samira Benali", "email": "samira@clinic.example", "phone": "0527654321", "language": "fr"}
NEW_PASSWORD = "bienvenue-A-Samira-7"


def register(desk: Browser, **changes: object) -> str:
    """Let the desk register Samira; return the file's id."""
    made = desk.send("POST", "/patients", {**PERSON, **changes})
    assert made.status_code == 201, made.get_json()
    return str(made.get_json()["id"])


def invite(desk: Browser, file: object, **headers: str) -> TestResponse:
    """Press the button on the person's page."""
    return desk.send("POST", f"/patients/{file}/invitation", **headers)


def accept(client: FlaskClient, token: str) -> TestResponse:
    """Choose a password through the letter's link."""
    return client.post(f"/api/v1/invitations/{token}/accept", json={"password": NEW_PASSWORD})


def test_who_is_on_file_gets_an_account_for_that_very_file(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    desk = browser("reception")
    file = register(desk)
    made = invite(desk, file)
    assert (made.status_code, made.get_json()["expires_at"]) == (201, "2026-11-29T09:00:00+00:00")
    assert accept(client, letterbox.token("/invitation")).status_code == 201
    csrf = sign_in(client, "samira@clinic.example", NEW_PASSWORD)
    me = client.get("/api/v1/me").get_json()
    assert (me["patient_id"], me["name"], me["roles"], me["language"]) == (
        file,
        "Samira Benali",
        ["patient"],
        "fr",
    )
    assert desk.get(f"/patients/{file}").get_json()["has_account"] is True
    log = client.get(f"/api/v1/patients/{file}/access-log", headers=csrf).get_json()["items"]
    assert {"patient.register", "patient.invite", "patient.accept"} <= {entry["action"] for entry in log}


def test_an_invitation_is_good_once(client: FlaskClient, browser: Open, letterbox: Letterbox) -> None:
    desk = browser("reception")
    invite(desk, register(desk))
    token = letterbox.token("/invitation")
    assert accept(client, token).status_code == 201
    assert accept(client, token).get_json()["code"] == "token_invalid"


def test_an_invitation_to_a_file_lasts_a_week(
    client: FlaskClient, browser: Open, letterbox: Letterbox, clock: FakeClock
) -> None:
    desk = browser("reception")
    invite(desk, register(desk))
    token = letterbox.token("/invitation")
    clock.advance(timedelta(days=7))
    assert accept(client, token).get_json()["code"] == "token_invalid"


def test_a_newer_invitation_voids_the_first(client: FlaskClient, browser: Open, letterbox: Letterbox) -> None:
    desk = browser("reception")
    file = register(desk)
    invite(desk, file)
    first = letterbox.token("/invitation")
    invite(desk, file)
    assert accept(client, first).get_json()["code"] == "token_invalid"
    assert accept(client, letterbox.token("/invitation")).status_code == 201


def test_a_letter_to_a_mistyped_address_opens_nothing_once_it_is_corrected(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    desk = browser("reception")
    file = register(desk)
    invite(desk, file)
    token = letterbox.token("/invitation")
    invite(desk, file)
    desk.send("PATCH", f"/patients/{file}", {"email": "samira.benali@clinic.example"})
    assert letterbox.collect() == []
    assert accept(client, token).get_json()["code"] == "token_invalid"


def test_one_key_sends_one_letter(browser: Open, letterbox: Letterbox) -> None:
    desk, key = browser("reception"), str(uuid4())
    file = register(desk)
    made = [invite(desk, file, **{"Idempotency-Key": key}).get_json() for _ in range(2)]
    assert made[0] == made[1]
    assert len(letterbox.collect()) == 1


def test_who_cannot_be_invited_is_said_with_the_reason(
    browser: Open, people: People, letterbox: Letterbox
) -> None:
    desk = browser("reception")
    without = register(desk, email=None)
    taken = register(desk, name="Samar", phone=None, email="Samar@clinic.example", confirmed=True)
    answers = [invite(desk, file) for file in (without, people.samar, taken, uuid4())]
    assert [(one.status_code, one.get_json()["code"]) for one in answers] == [
        (422, "email_needed"),
        (409, "has_account"),
        (409, "email_taken"),
        (404, "not_found"),
    ]
    assert letterbox.collect() == []


def test_an_account_that_was_made_meanwhile_keeps_its_own_file(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    desk = browser("reception")
    invite(desk, register(desk))
    invitation = letterbox.token("/invitation")
    body = {"name": "S", "email": "samira@clinic.example", "password": "une-Autre-2028", "language": "fr"}
    client.post("/api/v1/registrations", json=body)
    client.post("/api/v1/registrations/verify", json={"token": letterbox.token("/verify")})
    assert accept(client, invitation).get_json()["code"] == "email_taken"


def test_a_registration_that_nobody_verified_gives_way_to_the_invitation(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    desk = browser("reception")
    file = register(desk)
    body = {"name": "S", "email": "samira@clinic.example", "password": "une-Autre-2028", "language": "fr"}
    client.post("/api/v1/registrations", json=body)
    letterbox.collect()
    assert invite(desk, file).status_code == 201
    assert accept(client, letterbox.token("/invitation")).status_code == 201
    sign_in(client, "samira@clinic.example", NEW_PASSWORD)
    assert client.get("/api/v1/me").get_json()["patient_id"] == file


@pytest.mark.parametrize(("name", "status"), [("leila", 403), ("auditor", 403), ("samar", 404)])
def test_only_the_desk_invites_patients(browser: Open, people: People, name: str, status: int) -> None:
    assert invite(browser(name), people.amina).status_code == status


@pytest.mark.parametrize(
    "contact", [{"phone": "+972 52-123-4567"}, {"phone": "0521234567"}, {"email": "SAMAR@clinic.example"}]
)
def test_the_desk_is_told_whose_contact_it_is_before_it_makes_a_second_file(
    browser: Open, people: People, parts: Runtime, contact: dict[str, str]
) -> None:
    desk = browser("reception")
    told = desk.send("POST", "/patients", {"name": "Samar H.", "language": "ar", **contact})
    assert (told.status_code, told.get_json()["code"]) == (409, "patient_known")
    assert told.get_json()["known"] == [{"id": str(people.samar), "name": "Samar Haddad"}]
    assert "Samar H." not in names(desk.get("/patients"))
    with snapshot(parts.database) as session:
        entries = trail.entries(session, limit=9)
        assert ("patient.register", "refused", "duplicate") in [
            (entry.action, entry.outcome, entry.reason) for entry in entries
        ]


def test_a_second_file_is_made_on_purpose_and_on_record(
    browser: Open, people: People, parts: Runtime
) -> None:
    desk = browser("reception")
    file = register(desk, phone="+972521234567", confirmed=True)
    with snapshot(parts.database) as session:
        (entry,) = [one for one in trail.entries(session, limit=9) if str(one.object_id) == file]
        assert (entry.action, entry.reason) == ("patient.register", "duplicate_confirmed")


def test_who_registers_alone_learns_nothing_of_a_file(client: FlaskClient, browser: Open) -> None:
    register(browser("reception"))
    answers = [
        client.post(
            "/api/v1/registrations",
            json={"name": "X", "email": email, "password": "une-Autre-2028", "language": "fr"},
        )
        for email in ("samira@clinic.example", "nobody.here@clinic.example")
    ]
    assert (answers[0].status_code, answers[0].get_data()) == (answers[1].status_code, answers[1].get_data())
