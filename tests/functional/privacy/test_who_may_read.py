"""The story of one file over HTTP: written, read, refused, granted, taken back, and all of it in the log."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from clinic.consent.rules.decision import LIFETIME, Decision, Reason, Request, Snapshot
from clinic.consent.services import gate
from clinic.vault import Vault
from tests.factories.story import Browser, Clinic, open_clinic
from tests.fakes.clock import FakeClock

SECTIONS = [{"title": "الملاحظة", "text": "نام جيدًا. A mieux dormi."}]


@pytest.fixture
def clinic(app: Flask, vault: Vault, clock: FakeClock) -> Clinic:
    """A clinic in which the patient has come to `therapist` of their own accord."""
    return open_clinic(app, vault, clock)


@pytest.fixture
def note(clinic: Clinic) -> str:
    """A note that the therapist has written and signed."""
    therapist = clinic.browser("therapist")
    made = therapist.ask("POST", clinic.notes, {"template": "free", "sections": SECTIONS})
    assert made.status_code == 201, made.get_data(as_text=True)
    clinic.step_up(therapist)
    note_id = made.get_json()["id"]
    signed = therapist.ask("POST", f"/notes/{note_id}/sign", headers={"If-Match": made.headers["ETag"]})
    assert signed.status_code == 200, signed.get_data(as_text=True)
    assert signed.get_json()["signature"]["verified"] is True
    clinic.tick()
    return str(note_id)


def _log(clinic: Clinic) -> list[dict[str, Any]]:
    found = clinic.browser("patient").get(f"/patients/{clinic.cast.patient_id}/access-log")
    items = found["items"]
    assert isinstance(items, list)
    return items


def _refusal(response: TestResponse) -> tuple[int, str, list[str] | None]:
    body = response.get_json()
    return response.status_code, body["code"], body.get("reasons")


def test_a_colleague_is_refused_and_the_patient_sees_it(clinic: Clinic, note: str) -> None:
    clinic.browser("therapist").get(f"/notes/{note}")
    clinic.tick()
    answer = clinic.browser("therapist2").ask("GET", f"/notes/{note}")
    assert _refusal(answer) == (403, "consent_denied", ["no_relationship"])
    assert "نام" not in answer.get_data(as_text=True)
    refused, read = _log(clinic)[:2]
    assert (refused["outcome"], refused["actor_name"]) == ("refused", "Karim Benjelloun")
    assert (refused["action"], refused["object_id"]) == ("note.read", note)
    assert (refused["reason_code"], refused["purpose"]) == ("no_relationship", "TREAT")
    assert (read["outcome"], read["actor_name"], read["actor_role"]) == (
        "allowed",
        "Salma Idrissi",
        "practitioner",
    )


def test_a_grant_opens_and_taking_it_back_closes_at_once(clinic: Clinic, note: str) -> None:
    patient, colleague = clinic.browser("patient"), clinic.browser("therapist2")
    consents = f"/patients/{clinic.cast.patient_id}/consents"
    body = {"practitioner": str(clinic.cast.therapist2.practitioner_id)}
    granted = patient.ask("POST", consents, body)
    assert granted.status_code == 201, granted.get_data(as_text=True)
    given = granted.get_json()
    assert given["grantee"] == {
        "kind": "practitioner",
        "id": str(clinic.cast.therapist2.practitioner_id),
        "name": "Karim Benjelloun",
    }
    assert (given["status"], given["effect"], given["compartments"]) == ("active", "permit", ["general"])
    assert colleague.get(f"/notes/{note}")["sections"] == SECTIONS
    revoked = patient.ask("POST", f"/consents/{given['id']}/revoke")
    assert (revoked.status_code, revoked.get_json()["status"]) == (200, "inactive")
    for path in (f"/notes/{note}", clinic.notes, f"/notes/{note}/versions"):
        assert _refusal(colleague.ask("GET", path)) == (403, "consent_denied", ["no_consent"])
    assert [one["id"] for one in patient.get(consents)["items"]] == [given["id"]]
    assert patient.ask("POST", f"/consents/{given['id']}/revoke").status_code == 409


def test_the_therapist_too_is_out_once_a_consent_is_taken_back(clinic: Clinic, note: str) -> None:
    patient, therapist = clinic.browser("patient"), clinic.browser("therapist")
    body = {"practitioner": str(clinic.cast.therapist.practitioner_id)}
    consent = patient.ask("POST", f"/patients/{clinic.cast.patient_id}/consents", body).get_json()
    assert therapist.get(f"/notes/{note}")["id"] == note
    patient.ask("POST", f"/consents/{consent['id']}/revoke")
    assert _refusal(therapist.ask("GET", f"/notes/{note}")) == (403, "consent_denied", ["no_consent"])
    draft = {"template": "free", "sections": SECTIONS}
    assert therapist.ask("POST", clinic.notes, draft).status_code == 403


READS = ["/patients/{patient}/notes", "/notes/{note}", "/notes/{note}/versions", "/notes/{note}/versions/1"]
STRANGERS = {
    "therapist2": (403, "consent_denied"),
    "supervisor": (403, "consent_denied"),
    "reception": (403, "consent_denied"),
    "privacy": (403, "consent_denied"),
    "patient2": (404, "not_found"),
}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("path", READS)
def test_no_read_opens_to_a_stranger(clinic: Clinic, note: str, who: str, path: str) -> None:
    answer = clinic.browser(who).ask("GET", path.format(patient=clinic.cast.patient_id, note=note))
    assert (answer.status_code, answer.get_json()["code"]) == STRANGERS[who]
    assert "نام" not in answer.get_data(as_text=True)
    assert _log(clinic)[0]["outcome"] == "refused"
    assert _log(clinic)[0]["action"] in {"note.read", "note.list"}


def test_every_read_of_notes_is_in_the_matrix(clinic: Clinic) -> None:
    rules = {
        rule.rule
        for rule in clinic.app.url_map.iter_rules()
        if rule.endpoint.startswith("records.") and "GET" in (rule.methods or ())
    }
    named = {"/api/v1" + path.format(patient="<uuid:patient_id>", note="<uuid:note_id>") for path in READS}
    without_a_text = {"/api/v1/note-templates", "/api/v1/me/draft-key", "/api/v1/me/drafts"}
    assert {rule.replace("<int:number>", "1") for rule in rules} == named | without_a_text


def test_a_stranger_learns_no_more_than_from_an_absent_note(clinic: Clinic, note: str) -> None:
    stranger = clinic.browser("patient2")
    refused = stranger.ask("GET", f"/notes/{note}")
    absent = stranger.ask("GET", "/notes/00000000-0000-4000-8000-000000000000")
    assert (refused.status_code, refused.get_json()) == (absent.status_code, absent.get_json())


def test_another_patient_who_tried_is_not_named(clinic: Clinic, note: str) -> None:
    clinic.browser("patient2").ask("GET", f"/notes/{note}")
    entry = _log(clinic)[0]
    assert (entry["outcome"], entry["actor_name"], entry["actor_role"]) == ("refused", None, "patient")


def test_who_says_nothing_asks_for_what_the_role_is_there_for(clinic: Clinic, note: str) -> None:
    patient, therapist = clinic.browser("patient"), clinic.browser("therapist")
    body = {"practitioner": str(clinic.cast.therapist.practitioner_id)}
    patient.ask("POST", f"/patients/{clinic.cast.patient_id}/consents", body)
    silent = Browser(therapist.client, {})
    assert silent.ask("GET", f"/notes/{note}").status_code == 200
    assert [entry["purpose"] for entry in _log(clinic) if entry["action"] == "note.read"] == ["TREAT"]
    answer = silent.ask("GET", f"/notes/{note}", headers={"X-Purpose-Of-Use": "CURIOSITY"})
    assert _refusal(answer) == (422, "purpose_unknown", None)
    assert "X-Purpose-Of-Use" in answer.get_json()["errors"]


def test_the_patient_reads_the_own_note_and_sees_no_draft(clinic: Clinic, note: str) -> None:
    therapist, patient = clinic.browser("therapist"), clinic.browser("patient")
    draft = therapist.ask("POST", clinic.notes, {"template": "dap"}).get_json()
    assert [section["text"] for section in draft["sections"]] == ["", "", ""]
    assert [item["id"] for item in patient.get(clinic.notes)["items"]] == [note]
    assert patient.get(f"/notes/{note}")["sections"] == SECTIONS
    assert patient.ask("GET", f"/notes/{draft['id']}").status_code == 404


def test_the_log_is_the_patients_and_the_privacy_officers(clinic: Clinic, note: str) -> None:
    path = f"/patients/{clinic.cast.patient_id}/access-log"
    assert clinic.browser("patient2").ask("GET", path).status_code == 404
    assert clinic.browser("therapist").ask("GET", path).status_code == 403
    officer = clinic.browser("privacy").get(path)
    assert officer["items"][0]["action"] == "access_log.read"
    assert "access_log.read" in {entry["action"] for entry in _log(clinic)}
    nobody = "/patients/00000000-0000-4000-8000-000000000000/access-log"
    assert clinic.browser("privacy").ask("GET", nobody).status_code == 404


def test_the_officer_sees_consents_and_is_seen_seeing_them(clinic: Clinic) -> None:
    path = f"/patients/{clinic.cast.patient_id}/consents"
    patient = clinic.browser("patient")
    for _ in range(3):
        clinic.tick()
        patient.ask("POST", path, {"practitioner": str(clinic.cast.therapist2.practitioner_id)})
    clinic.tick()
    officer = clinic.browser("privacy")
    first = officer.get(f"{path}?limit=2")
    rest = officer.get(f"{path}?limit=2&cursor={first['next']}")
    granted = [item["granted_at"] for item in (*first["items"], *rest["items"])]
    assert granted == sorted(granted, reverse=True)
    assert (len(granted), rest["next"]) == (3, None)
    assert (_log(clinic)[0]["action"], _log(clinic)[0]["actor_role"]) == ("consent.read", "privacy_officer")
    assert clinic.browser("therapist").ask("GET", path).status_code == 403


def test_the_log_pages_from_the_newest_on(clinic: Clinic, note: str) -> None:
    stranger, patient = clinic.browser("therapist2"), clinic.browser("patient")
    for _ in range(3):
        clinic.tick()
        stranger.ask("GET", f"/notes/{note}")
    path = f"/patients/{clinic.cast.patient_id}/access-log?limit=2"
    first = patient.get(path)
    second = patient.get(f"{path}&cursor={first['next']}")
    times = [entry["at"] for entry in (*first["items"], *second["items"])]
    assert len(first["items"]) == 2
    assert times == sorted(times, reverse=True)
    assert patient.ask("GET", f"{path}&cursor=nonsense").status_code == 422


def test_what_is_agreed_to_can_be_read_in_three_languages(clinic: Clinic) -> None:
    for language in ("ar", "fr", "en"):
        client = clinic.app.test_client()
        items = client.get(f"/api/v1/consent-forms?lang={language}").get_json()["items"]
        assert {item["effect"] for item in items} == {"permit", "deny"}
        assert all(item["language"] == language and item["text"] for item in items)


def test_a_grant_sent_twice_is_one_and_nonsense_is_none(clinic: Clinic) -> None:
    patient = clinic.browser("patient")
    path = f"/patients/{clinic.cast.patient_id}/consents"
    body = {"practitioner": str(clinic.cast.therapist2.practitioner_id), "form": "share.1.fr"}
    key = {"Idempotency-Key": "one-intent"}
    ids = {patient.ask("POST", path, body, key).get_json()["id"] for _ in range(2)}
    assert len(ids) == 1
    assert len(patient.get(path)["items"]) == 1
    for wrong in (
        {},
        {**body, "form": "share.9.fr"},
        {**body, "effect": "deny"},
        {**body, "compartments": ["media"]},
        {**body, "purposes": []},
        {**body, "ends_at": "2020-01-01T00:00:00Z"},
        {**body, "practitioner": "00000000-0000-4000-8000-000000000000"},
    ):
        answer = patient.ask("POST", path, wrong)
        assert answer.status_code == 422, wrong
        assert answer.get_json()["errors"]
    others = f"/patients/{clinic.cast.patient2.patient_id}/consents"
    assert patient.ask("POST", others, body).status_code == 404
    assert clinic.browser("reception").ask("POST", path, body).status_code == 403


def test_it_is_the_decision_that_keeps_strangers_out(
    clinic: Clinic, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Show that the matrix above is not vacuous: with a decision that always permits, all of it opens."""

    def permit_all(request: Request, _snapshot: Snapshot | None) -> Decision:
        return Decision(True, Reason.CONSENT, ("sabotage",), request.at + LIFETIME)

    monkeypatch.setattr(gate, "decide", permit_all)
    for who in STRANGERS:
        stranger = clinic.browser(who)
        for path in READS:
            answer = stranger.ask("GET", path.format(patient=clinic.cast.patient_id, note=note))
            assert answer.status_code == 200
