"""Signing in and out, and the life of a session, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from clinic.access.actor import Role
from clinic.access.permissions import Permission
from clinic.access.permits import Permits
from clinic.audit import queries as trail
from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import AccountStatus
from clinic.identity.policies import anyone_signed_in
from clinic.ids import AppointmentId, SessionId, new_id
from clinic.vault import Vault
from clinic.web.guards import check
from clinic.web.runtime import Runtime, actor
from tests.factories.http import sign_in
from tests.factories.identity import PASSWORD, make_account, make_patient, make_practitioner
from tests.fakes.clock import FakeClock

EMAIL = "samar@clinic.example"
THERAPIST = "leila@clinic.example"


@pytest.fixture(autouse=True)
def _people(parts: Runtime, vault: Vault) -> None:
    with transaction(parts.database) as session:
        make_patient(session, vault, email=EMAIL, name="Samar Haddad", language="ar")
        make_practitioner(session, vault, email=THERAPIST)
        make_account(session, vault, email="new@clinic.example", status=AccountStatus.UNVERIFIED)


def test_signing_in_says_who_one_is(client: FlaskClient) -> None:
    response = client.post("/api/v1/session", json={"email": " SAMAR@clinic.example", "password": PASSWORD})
    body = response.get_json()
    assert body["user"]["name"] == "Samar Haddad"
    assert body["user"]["roles"] == ["patient"]
    assert body["user"]["patient_id"]
    assert (body["needs"], body["confined_to"]) == ([], None)
    assert client.get("/api/v1/session").get_json() == body
    assert client.get("/api/v1/me").get_json() == body["user"]


def test_the_cookie_is_closed_to_scripts_and_ends_with_the_browser(client: FlaskClient) -> None:
    response = client.post("/api/v1/session", json={"email": EMAIL, "password": PASSWORD})
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("sid=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), ("nobody@clinic.example", PASSWORD), ("new@clinic.example", PASSWORD)],
)
def test_every_wrong_sign_in_looks_the_same(client: FlaskClient, email: str, password: str) -> None:
    response = client.post("/api/v1/session", json={"email": email, "password": password})
    assert response.status_code == 401
    assert response.get_json()["code"] == "wrong_credentials"
    assert "Set-Cookie" not in response.headers


def test_signing_in_again_ends_the_browsers_old_session(client: FlaskClient) -> None:
    sign_in(client, EMAIL)
    old = client.get_cookie("sid")
    assert old is not None
    response = client.post("/api/v1/session", json={"email": THERAPIST, "password": PASSWORD})
    assert response.status_code == 200
    client.set_cookie("sid", old.value)
    assert client.get("/api/v1/me").status_code == 401


def test_signing_out_ends_the_session_for_good(client: FlaskClient) -> None:
    csrf = sign_in(client, EMAIL)
    token = client.get_cookie("sid")
    assert token is not None
    response = client.delete("/api/v1/session", headers=csrf)
    assert response.status_code == 204
    assert response.headers["Clear-Site-Data"] == '"cache"'
    client.set_cookie("sid", token.value)
    assert client.get("/api/v1/session").get_json()["code"] == "signed_out"


def test_a_change_without_the_sessions_token_is_refused(client: FlaskClient) -> None:
    sign_in(client, EMAIL)
    assert client.delete("/api/v1/session").get_json()["code"] == "csrf_token"
    assert client.get("/api/v1/me").status_code == 200


def test_an_unused_session_times_out(client: FlaskClient, clock: FakeClock) -> None:
    sign_in(client, THERAPIST)
    clock.advance(timedelta(minutes=14))
    assert client.get("/api/v1/me").status_code == 200
    clock.advance(timedelta(minutes=14))
    assert client.get("/api/v1/me").status_code == 200
    clock.advance(timedelta(minutes=15))
    assert client.get("/api/v1/me").status_code == 401


def test_asking_for_the_session_does_not_keep_it(client: FlaskClient, clock: FakeClock) -> None:
    sign_in(client, THERAPIST)
    for _ in range(3):
        clock.advance(timedelta(minutes=4))
        assert client.get("/api/v1/session").status_code == 200
    clock.advance(timedelta(minutes=3))
    assert client.get("/api/v1/session").status_code == 401


def test_what_a_page_fetches_by_itself_does_not_keep_the_session(
    client: FlaskClient, clock: FakeClock
) -> None:
    sign_in(client, THERAPIST)
    clock.advance(timedelta(minutes=8))
    assert client.get("/api/v1/me", headers={"X-Background": "1"}).status_code == 200
    clock.advance(timedelta(minutes=7))
    assert client.get("/api/v1/me", headers={"X-Background": "1"}).status_code == 401


def test_another_site_cannot_sign_anybody_in(client: FlaskClient) -> None:
    response = client.post(
        "/api/v1/session",
        json={"email": EMAIL, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (response.status_code, response.get_json()["code"]) == (403, "cross_site")


def test_no_session_lasts_longer_than_twelve_hours(client: FlaskClient, clock: FakeClock) -> None:
    sign_in(client, EMAIL)
    for _ in range(12 * 3 - 1):
        clock.advance(timedelta(minutes=20))
        assert client.get("/api/v1/me").status_code == 200
    clock.advance(timedelta(minutes=20))
    assert client.get("/api/v1/me").status_code == 401


def test_sessions_are_listed_and_can_be_ended_elsewhere(app: Flask, client: FlaskClient) -> None:
    csrf, other = sign_in(client, EMAIL), app.test_client()
    sign_in(other, EMAIL)
    sign_in(app.test_client(), THERAPIST)
    items = client.get("/api/v1/me/sessions").get_json()["items"]
    assert sorted(item["current"] for item in items) == [False, True]
    elsewhere = next(item["id"] for item in items if not item["current"])
    assert client.delete(f"/api/v1/me/sessions/{elsewhere}", headers=csrf).status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me").status_code == 200


def test_anothers_session_is_like_none(app: Flask, client: FlaskClient) -> None:
    csrf, other = sign_in(client, EMAIL), app.test_client()
    sign_in(other, THERAPIST)
    theirs = other.get("/api/v1/me/sessions").get_json()["items"][0]["id"]
    refused = client.delete(f"/api/v1/me/sessions/{theirs}", headers=csrf)
    nothing = client.delete(f"/api/v1/me/sessions/{new_id()}", headers=csrf)
    assert (refused.status_code, refused.get_data()) == (404, nothing.get_data())
    assert other.get("/api/v1/me").status_code == 200


def test_stepping_up_lasts_ten_minutes(app: Flask, client: FlaskClient, clock: FakeClock) -> None:
    csrf = sign_in(client, THERAPIST)
    response = client.post("/api/v1/session/step-up", json={"password": PASSWORD}, headers=csrf)
    assert response.get_json() == {"stepped_up_until": "2026-11-22T09:10:00+00:00"}
    token = client.get_cookie("sid")
    assert token is not None
    with app.test_request_context(headers={"Cookie": f"sid={token.value}"}):
        assert actor().stepped_up(clock.now() + timedelta(minutes=9, seconds=59))
        assert not actor().stepped_up(clock.now() + timedelta(minutes=10))


def test_a_wrong_password_steps_nothing_up(client: FlaskClient) -> None:
    csrf = sign_in(client, THERAPIST)
    response = client.post("/api/v1/session/step-up", json={"password": "wrong"}, headers=csrf)
    assert (response.status_code, response.get_json()["code"]) == (401, "wrong_password")
    assert client.get("/api/v1/me").status_code == 200


class OneSeat:
    """A keeper with one occupied seat."""

    def __init__(self, session_id: UUID, appointment_id: AppointmentId) -> None:
        """Seat one session in the room of one appointment."""
        self.seat = (session_id, appointment_id)

    def appointment_of(self, session_id: SessionId) -> AppointmentId | None:
        """Return the appointment of the one seat."""
        return self.seat[1] if session_id == self.seat[0] else None


@pytest.fixture
def call(parts: Runtime, client: FlaskClient, clock: FakeClock) -> tuple[AppointmentId, dict[str, str]]:
    """A therapist an hour into a call, who has touched nothing else; with the CSRF header."""
    csrf, visit = sign_in(client, THERAPIST), AppointmentId(new_id())
    mine = UUID(client.get("/api/v1/me/sessions").get_json()["items"][0]["id"])
    parts.seats = OneSeat(mine, visit)
    clock.advance(timedelta(minutes=60))
    return visit, csrf


def test_a_seat_in_a_room_keeps_the_session_for_the_room_alone(
    client: FlaskClient, call: tuple[AppointmentId, dict[str, str]]
) -> None:
    assert client.get("/api/v1/session").get_json()["confined_to"] == str(call[0])
    refused = client.get("/api/v1/me/sessions")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "session_idle")


def test_a_confined_actor_reaches_that_visit_and_no_other(
    app: Flask, client: FlaskClient, call: tuple[AppointmentId, dict[str, str]], parts: Runtime
) -> None:
    visit, token = call[0], client.get_cookie("sid")
    assert token is not None
    parts.permits = Permits()
    parts.permits.add({Permission.ROOM_JOIN: anyone_signed_in, Permission.PREFERENCES_OWN: anyone_signed_in})
    with app.test_request_context(headers={"Cookie": f"sid={token.value}"}):
        who = actor()
        assert who.reaches(visit)
        assert not who.reaches(new_id())
        assert not who.reaches(None)
        check(who, Permission.ROOM_JOIN, {"appointment_id": visit})
        with pytest.raises(Exception, match="session_idle"):
            check(who, Permission.ROOM_JOIN, {"appointment_id": new_id()})
        with pytest.raises(Exception, match="session_idle"):
            check(who, Permission.PREFERENCES_OWN, {})


def test_stepping_up_in_the_room_wakes_the_whole_session(
    client: FlaskClient, call: tuple[AppointmentId, dict[str, str]]
) -> None:
    response = client.post("/api/v1/session/step-up", json={"password": PASSWORD}, headers=call[1])
    assert response.status_code == 200
    assert client.get("/api/v1/me").status_code == 200


def test_leaving_the_room_ends_what_only_the_seat_kept(
    client: FlaskClient, call: tuple[AppointmentId, dict[str, str]], parts: Runtime
) -> None:
    parts.seats = OneSeat(new_id(), call[0])
    assert client.get("/api/v1/session").status_code == 401


def test_preferences_are_changed_one_by_one(client: FlaskClient) -> None:
    csrf = sign_in(client, EMAIL)
    standing = client.get("/api/v1/me/preferences").get_json()
    channels = {"email": True, "sms": False, "reminders": True}
    assert standing == {"language": "ar", "tz": "Asia/Jerusalem", "channels": channels, "phone": None}
    response = client.patch(
        "/api/v1/me/preferences",
        json={"tz": "Africa/Casablanca", "channels": {"email": False, "reminders": False}},
        headers=csrf,
    )
    assert response.get_json() == {
        "language": "ar",
        "tz": "Africa/Casablanca",
        "channels": {"email": False, "sms": False, "reminders": False},
        "phone": None,
    }


@pytest.mark.parametrize("change", [{"tz": "Mars/Olympus"}, {"language": "de"}, {"role": "auditor"}])
def test_preferences_that_are_none_are_refused_by_name(client: FlaskClient, change: dict[str, str]) -> None:
    csrf = sign_in(client, EMAIL)
    response = client.patch("/api/v1/me/preferences", json=change, headers=csrf)
    assert response.status_code == 422
    assert list(response.get_json()["errors"]) == list(change)


def test_roles_are_what_the_account_has_now(client: FlaskClient, parts: Runtime, vault: Vault) -> None:
    with transaction(parts.database) as session:
        make_account(session, vault, email="both@clinic.example", roles=(Role.RECEPTION, Role.CLINIC_ADMIN))
    sign_in(client, "both@clinic.example")
    assert client.get("/api/v1/me").get_json()["roles"] == ["clinic_admin", "reception"]


def test_coming_going_and_guessing_are_on_record(client: FlaskClient, parts: Runtime) -> None:
    client.post("/api/v1/session", json={"email": EMAIL, "password": "wrong"})
    csrf = sign_in(client, EMAIL)
    client.post("/api/v1/session/step-up", json={"password": "wrong"}, headers=csrf)
    client.post("/api/v1/session/step-up", json={"password": PASSWORD}, headers=csrf)
    client.delete("/api/v1/session", headers=csrf)
    with snapshot(parts.database) as session:
        entries = trail.entries(session, limit=10)
        found = {(entry.action, entry.outcome.value, entry.reason) for entry in entries}
    assert found == {
        ("session.open", "refused", "wrong_credentials"),
        ("session.open", "allowed", None),
        ("session.step_up", "refused", "wrong_password"),
        ("session.step_up", "allowed", None),
        ("session.end", "allowed", None),
    }


def test_ending_what_is_no_session_leaves_no_entry(client: FlaskClient, parts: Runtime) -> None:
    client.set_cookie("sid", "made-up")
    assert client.delete("/api/v1/session").status_code == 204
    with snapshot(parts.database) as session:
        assert list(trail.entries(session, limit=10)) == []


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "a" * 10_000, 7, None, ["x"], {"x": 1}])
@pytest.mark.parametrize(
    ("path", "field"), [("/session", "email"), ("/session", "password"), ("/password-resets", "email")]
)
def test_what_is_no_text_is_refused_by_name(client: FlaskClient, path: str, field: str, text: object) -> None:
    body = {"email": EMAIL, "password": PASSWORD} if path == "/session" else {"email": EMAIL}
    refused = client.post(f"/api/v1{path}", json={**body, field: text})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
