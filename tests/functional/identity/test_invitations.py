"""Staff come in by invitation, over HTTP and by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.http import sign_in
from tests.factories.identity import PASSWORD
from tests.fakes.clock import FakeClock
from tests.functional.identity.conftest import Browser, Letterbox

Open = Callable[[str], Browser]
NEW = {"email": "yara@clinic.example", "role": "practitioner", "name": "Yara Salem", "language": "fr"}


def admin(browser: Open) -> Browser:
    """Open the clinic administration's browser, freshly proved."""
    who = browser("clinic_admin")
    assert who.send("POST", "/session/step-up", {"password": PASSWORD}).status_code == 200
    return who


def accept(client: FlaskClient, token: str, **more: object) -> TestResponse:
    """Take an invitation up."""
    body = {"password": "bienvenue-A-Yara-7", **more}
    return client.post(f"/api/v1/invitations/{token}/accept", json=body)


def test_who_is_invited_sets_a_password_and_signs_in(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    made = admin(browser).send("POST", "/invitations", NEW)
    assert made.status_code == 201
    assert made.get_json()["expires_at"] == "2026-11-29T09:00:00+00:00"
    done = accept(client, letterbox.token("/invitation"), profession="psychologist", languages=["fr", "ar"])
    assert done.status_code == 201
    sign_in(client, "yara@clinic.example", "bienvenue-A-Yara-7")
    user = client.get("/api/v1/me").get_json()
    assert (user["id"], user["name"], user["roles"]) == (
        done.get_json()["id"],
        "Yara Salem",
        ["practitioner"],
    )
    assert user["practitioner_id"] is not None


def test_other_staff_are_no_practitioners(client: FlaskClient, browser: Open, letterbox: Letterbox) -> None:
    admin(browser).send("POST", "/invitations", {**NEW, "role": "reception"})
    accept(client, letterbox.token("/invitation"))
    sign_in(client, "yara@clinic.example", "bienvenue-A-Yara-7")
    assert client.get("/api/v1/me").get_json()["practitioner_id"] is None


def test_inviting_needs_a_fresh_proof(browser: Open) -> None:
    refused = browser("clinic_admin").send("POST", "/invitations", NEW)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_required")


@pytest.mark.parametrize(("name", "status"), [("reception", 403), ("leila", 403), ("samar", 404)])
def test_only_the_administration_invites(browser: Open, name: str, status: int) -> None:
    assert browser(name).send("POST", "/invitations", NEW).status_code == status


def test_inviting_again_voids_the_first_letter(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    who = admin(browser)
    who.send("POST", "/invitations", NEW)
    first = letterbox.token("/invitation")
    who.send("POST", "/invitations", {**NEW, "role": "reception"})
    second = letterbox.token("/invitation")
    assert accept(client, first).get_json()["code"] == "token_invalid"
    assert accept(client, second).status_code == 201
    sign_in(client, "yara@clinic.example", "bienvenue-A-Yara-7")
    assert client.get("/api/v1/me").get_json()["roles"] == ["reception"]


def test_one_key_makes_one_invitation(browser: Open, letterbox: Letterbox) -> None:
    who, key = admin(browser), str(uuid4())
    made = [who.send("POST", "/invitations", NEW, **{"Idempotency-Key": key}).get_json() for _ in range(2)]
    assert made[0] == made[1]
    assert len(letterbox.collect()) == 1


def test_an_invitation_lasts_a_week(
    client: FlaskClient, browser: Open, letterbox: Letterbox, clock: FakeClock
) -> None:
    admin(browser).send("POST", "/invitations", NEW)
    token = letterbox.token("/invitation")
    clock.advance(timedelta(days=7))
    assert accept(client, token).get_json()["code"] == "token_invalid"


def test_who_has_an_account_is_not_invited(browser: Open, letterbox: Letterbox) -> None:
    refused = admin(browser).send("POST", "/invitations", {**NEW, "email": "Samar@clinic.example"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "email_taken")
    assert letterbox.collect() == []


@pytest.mark.parametrize("role", ["patient", "guardian", "owner"])
def test_only_roles_of_staff_are_given_this_way(browser: Open, role: str) -> None:
    refused = admin(browser).send("POST", "/invitations", {**NEW, "role": role})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["role"])


def test_a_letter_is_in_the_language_of_who_is_invited(browser: Open, letterbox: Letterbox) -> None:
    admin(browser).send("POST", "/invitations", NEW)
    ((address, letter),) = letterbox.collect()
    assert (address, letter.subject) == ("yara@clinic.example", "Message de Sakina")
    assert "invitation" in letter.text
    assert "Yara" not in letter.text
