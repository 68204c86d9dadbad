"""Registering, verifying, and getting in again after a forgotten password, over HTTP and by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from clinic.db.transaction import snapshot, transaction
from clinic.identity import tasks
from clinic.identity.models import Account, AccountStatus, Patient
from clinic.notifications.models import OutboxMessage
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.factories.identity import PASSWORD
from tests.fakes.clock import FakeClock
from tests.functional.identity.conftest import Browser, Letterbox, People, names

Open = Callable[[str], Browser]
NEW = {
    "name": "Nour Aloui",
    "email": "Nour@clinic.example",
    "password": "نخلة طويلة في يافا",
    "language": "ar",
    "birth_date": "2001-02-03",
}
TOKEN = "x" * 43


def register(client: FlaskClient, **change: object) -> TestResponse:
    """Register Nour, with other values where given."""
    return client.post("/api/v1/registrations", json={**NEW, **change})


def verify(client: FlaskClient, token: str) -> TestResponse:
    """Send a verification token in."""
    return client.post("/api/v1/registrations/verify", json={"token": token})


def test_a_patient_registers_verifies_and_signs_in(client: FlaskClient, letterbox: Letterbox) -> None:
    assert register(client).status_code == 202
    assert client.post("/api/v1/session", json=_credentials()).status_code == 401
    token = letterbox.token("/verify")
    assert verify(client, token).status_code == 204
    csrf = sign_in(client, "nour@clinic.example", str(NEW["password"]))
    user = client.get("/api/v1/me").get_json()
    assert (user["name"], user["roles"], user["language"]) == ("Nour Aloui", ["patient"], "ar")
    own = client.get(f"/api/v1/patients/{user['patient_id']}", headers=csrf).get_json()
    assert (own["email"], own["birth_date"]) == ("Nour@clinic.example", "2001-02-03")


def _credentials() -> dict[str, object]:
    return {"email": NEW["email"], "password": NEW["password"]}


def test_a_token_is_good_once_and_for_a_day(
    client: FlaskClient, letterbox: Letterbox, clock: FakeClock
) -> None:
    register(client)
    token = letterbox.token("/verify")
    assert verify(client, token).status_code == 204
    again = verify(client, token)
    assert (again.status_code, again.get_json()["code"]) == (422, "token_invalid")
    register(client, email="other@clinic.example")
    late = letterbox.token("/verify")
    clock.advance(timedelta(hours=24))
    assert verify(client, late).status_code == 422
    assert verify(client, TOKEN).get_json() == again.get_json()


def test_a_known_address_answers_like_a_new_one(
    client: FlaskClient, people: People, letterbox: Letterbox, parts: Runtime
) -> None:
    before = _counts(parts)
    known, new = register(client, email="samar@clinic.example"), register(client)
    assert (known.status_code, known.get_data()) == (new.status_code, new.get_data()) == (202, b"{}\n")
    assert [after - count for count, after in zip(before, _counts(parts), strict=True)] == [1, 1, 2]
    letters = dict(letterbox.collect())
    assert "already" in letters["samar@clinic.example"].text
    assert "#" not in letters["samar@clinic.example"].text
    assert "/verify#" in letters["Nour@clinic.example"].text


def _counts(parts: Runtime) -> list[int]:
    with snapshot(parts.database) as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Account, Patient, OutboxMessage)
        ]


def test_registering_again_does_not_touch_an_account(
    client: FlaskClient, people: People, letterbox: Letterbox
) -> None:
    register(client, email="samar@clinic.example", password="somebody-Elses-2026")
    sign_in(client, "samar@clinic.example", PASSWORD)


@pytest.mark.parametrize(
    "passwords", [("lying-in-Wait-2026", NEW["password"]), (NEW["password"], "lying-in-Wait-2026")]
)
def test_a_stranger_who_registers_the_same_address_captures_nothing(
    client: FlaskClient, letterbox: Letterbox, passwords: tuple[str, str]
) -> None:
    register(client, password=passwords[0])
    first = letterbox.token("/verify")
    register(client, password=passwords[1])
    chooser = letterbox.token("/password-reset/confirm")
    assert verify(client, first).status_code == 422
    assert confirm(client, chooser).status_code == 204
    for password in passwords:
        tried = client.post("/api/v1/session", json={"email": NEW["email"], "password": password})
        assert tried.status_code == 401
    sign_in(client, "nour@clinic.example", "a-new-Horse-2027")


def test_who_has_not_verified_is_on_nobodys_list(
    client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    register(client)
    desk = browser("reception")
    assert "Nour Aloui" not in names(desk.get("/patients"))
    verify(client, letterbox.token("/verify"))
    assert "Nour Aloui" in names(desk.get("/patients"))


def test_registrations_that_came_to_nothing_are_forgotten_after_a_week(
    client: FlaskClient, people: People, parts: Runtime, clock: FakeClock
) -> None:
    before = _counts(parts)[:2]
    register(client)
    clock.advance(timedelta(days=7))
    tasks.forget_unverified(parts.database, clock)
    assert _counts(parts)[0] == before[0] + 1
    clock.advance(timedelta(seconds=1))
    tasks.forget_unverified(parts.database, clock)
    assert _counts(parts)[:2] == before


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"password": "short"}, "password", "password_short"),
        ({"password": "password2026!"}, "password", "password_common"),
        ({"email": "nour"}, "email", "invalid"),
        ({"birth_date": "2031-01-01"}, "birth_date", "invalid"),
        ({"language": "de"}, "language", "invalid"),
        ({"roles": ["clinic_admin"]}, "roles", "invalid"),
        ({"name": ""}, "name", "invalid"),
        ({"name": "  "}, "name", "invalid"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    client: FlaskClient, change: dict[str, object], field: str, code: str
) -> None:
    refused = register(client, **change)
    assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert list(refused.get_json()["errors"]) == [field]


def test_one_address_is_not_flooded_with_letters(client: FlaskClient) -> None:
    for _ in range(5):
        assert register(client).status_code == 202
    refused = register(client)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert register(client, email="other@clinic.example").status_code == 202


def reset(client: FlaskClient, email: str) -> TestResponse:
    """Ask for a new password."""
    return client.post("/api/v1/password-resets", json={"email": email})


def confirm(client: FlaskClient, token: str, password: str = "a-new-Horse-2027") -> TestResponse:
    """Set a new password."""
    return client.post("/api/v1/password-resets/confirm", json={"token": token, "password": password})


def test_a_forgotten_password_is_replaced_and_all_sessions_end(
    app: Flask, client: FlaskClient, browser: Open, letterbox: Letterbox
) -> None:
    elsewhere = browser("samar")
    assert reset(client, "SAMAR@clinic.example").get_data() == b"{}\n"
    token = letterbox.token("/password-reset/confirm")
    assert confirm(client, token).status_code == 204
    assert elsewhere.get("/me").status_code == 401
    sign_in(client, "samar@clinic.example", "a-new-Horse-2027")
    ((address, letter),) = letterbox.collect()
    assert address == "samar@clinic.example"
    assert "was changed" in letter.text
    assert confirm(app.test_client(), token).get_json()["code"] == "token_invalid"


def test_asking_for_nobody_looks_the_same_and_sends_nothing(
    client: FlaskClient, people: People, letterbox: Letterbox
) -> None:
    known, unknown = reset(client, "samar@clinic.example"), reset(client, "nobody@clinic.example")
    assert (known.status_code, known.get_data()) == (unknown.status_code, unknown.get_data())
    assert [address for address, _ in letterbox.collect()] == ["samar@clinic.example"]


def test_a_reset_token_is_good_for_an_hour(
    client: FlaskClient, people: People, letterbox: Letterbox, clock: FakeClock
) -> None:
    reset(client, "samar@clinic.example")
    token = letterbox.token("/password-reset/confirm")
    clock.advance(timedelta(hours=1))
    assert confirm(client, token).get_json()["code"] == "token_invalid"


def test_who_asks_again_and_again_neither_voids_a_letter_nor_learns_that_no_more_go_out(
    client: FlaskClient, people: People, letterbox: Letterbox
) -> None:
    reset(client, "samar@clinic.example")
    token = letterbox.token("/password-reset/confirm")
    assert {reset(client, "samar@clinic.example").status_code for _ in range(9)} == {202}
    assert len(letterbox.collect()) == 4
    assert confirm(client, token).status_code == 204


def test_a_new_password_voids_the_other_tokens(
    client: FlaskClient, people: People, letterbox: Letterbox
) -> None:
    reset(client, "samar@clinic.example")
    first = letterbox.token("/password-reset/confirm")
    reset(client, "samar@clinic.example")
    second = letterbox.token("/password-reset/confirm")
    assert confirm(client, second).status_code == 204
    assert confirm(client, first).get_json()["code"] == "token_invalid"


def test_a_weak_new_password_does_not_use_the_token_up(
    client: FlaskClient, people: People, letterbox: Letterbox
) -> None:
    reset(client, "samar@clinic.example")
    token = letterbox.token("/password-reset/confirm")
    assert confirm(client, token, "password2026!").get_json()["code"] == "password_common"
    assert confirm(client, token).status_code == 204


def test_a_verification_token_resets_no_password(client: FlaskClient, letterbox: Letterbox) -> None:
    register(client)
    assert confirm(client, letterbox.token("/verify")).get_json()["code"] == "token_invalid"


def test_a_disabled_account_gets_no_token(
    client: FlaskClient, people: People, parts: Runtime, letterbox: Letterbox
) -> None:
    with transaction(parts.database) as session:
        index = parts.vault.fields.index("email", "samar@clinic.example")
        account = session.scalars(select(Account).where(Account.email_index == index)).one()
        account.status = AccountStatus.DISABLED
    assert reset(client, "samar@clinic.example").status_code == 202
    assert letterbox.collect() == []
