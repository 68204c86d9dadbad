"""The key of drafts on a device: one's own, the same in every session, nobody's without signing in."""

from __future__ import annotations

import base64

from flask import Flask
from flask.testing import FlaskClient

from clinic.access.actor import Role
from clinic.web.runtime import runtime, transaction
from tests.factories.http import sign_in
from tests.factories.identity import make_account, make_practitioner


def _key(client: FlaskClient, email: str) -> bytes:
    sign_in(client, email)
    response = client.get("/api/v1/me/draft-key")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return base64.urlsafe_b64decode(response.get_json()["key"] + "=")


def test_each_account_has_one_key_of_its_own(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        for name in ("one", "two"):
            make_practitioner(
                session, runtime().vault, email=f"{name}@clinic.example", roles=[Role.PRACTITIONER]
            )
    one, two, again = (_key(client, f"{name}@clinic.example") for name in ("one", "two", "one"))
    assert (len(one), one == again, one == two) == (32, True, False)


def test_nobody_gets_a_key_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/api/v1/me/draft-key").status_code == 401


def test_a_patient_has_no_use_for_a_key_and_gets_none(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        make_account(session, runtime().vault, email="patient@clinic.example", roles=[Role.PATIENT])
    sign_in(client, "patient@clinic.example")
    assert client.get("/api/v1/me/draft-key").status_code == 404
