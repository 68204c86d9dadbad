"""Writing a note over HTTP: autosave, two windows, signing, amending, and retries."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from clinic.vault import Vault
from tests.factories.story import Browser, Clinic, open_clinic
from tests.fakes.clock import FakeClock


@pytest.fixture
def clinic(app: Flask, vault: Vault, clock: FakeClock) -> Clinic:
    """A clinic in which the patient has come to `therapist` of their own accord."""
    return open_clinic(app, vault, clock)


def sections(words: str) -> list[dict[str, str]]:
    """Return one section."""
    return [{"title": "Note", "text": words}]


@pytest.fixture
def therapist(clinic: Clinic) -> Browser:
    """The therapist at a browser."""
    return clinic.browser("therapist")


@pytest.fixture
def draft(clinic: Clinic, therapist: Browser) -> dict[str, Any]:
    """A draft as it was created."""
    made = therapist.ask("POST", clinic.notes, {"template": "free", "sections": sections("one")})
    body = made.get_json()
    assert isinstance(body, dict)
    assert made.headers["ETag"] == body["etag"] == '"1"'
    return body


def test_autosave_carries_the_tag_along(therapist: Browser, draft: dict[str, Any]) -> None:
    path, tag = f"/notes/{draft['id']}", draft["etag"]
    for words in ("one two", "one two three"):
        saved = therapist.ask("PUT", path, {"sections": sections(words)}, {"If-Match": tag})
        assert saved.status_code == 200
        tag = saved.headers["ETag"]
    assert therapist.get(path)["sections"] == sections("one two three")
    again = therapist.ask("PUT", path, {"sections": sections("one two three")}, {"If-Match": '"2"'})
    assert (again.status_code, again.headers["ETag"]) == (200, tag)


def test_two_windows_cost_no_sentence(therapist: Browser, draft: dict[str, Any]) -> None:
    path, stale = f"/notes/{draft['id']}", {"If-Match": draft["etag"]}
    therapist.ask("PUT", path, {"sections": sections("at the desk")}, stale)
    late = therapist.ask("PUT", path, {"sections": sections("on the phone")}, stale)
    body = late.get_json()
    assert (late.status_code, body["code"], body["current"], body["kept"]) == (412, "note_changed", 2, 3)
    assert therapist.get(path)["sections"] == sections("at the desk")
    kept = therapist.get(f"{path}/versions/3")
    assert (kept["status"], kept["sections"]) == ("conflict", sections("on the phone"))
    assert [item["version"] for item in therapist.get(f"{path}/versions")["items"]] == [3, 2, 1]
    assert therapist.ask("GET", f"{path}/versions/9").status_code == 404


def test_a_save_says_what_it_is_based_on(therapist: Browser, draft: dict[str, Any]) -> None:
    path, body = f"/notes/{draft['id']}", {"sections": sections("two")}
    assert therapist.ask("PUT", path, body).get_json()["code"] == "precondition_required"
    for tag in ("*", '"77"', "yesterday"):
        answer = therapist.ask("PUT", path, body, {"If-Match": tag})
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["If-Match"])


def test_signs_after_step_up_and_amends_with_a_reason(
    clinic: Clinic, therapist: Browser, draft: dict[str, Any]
) -> None:
    path = f"/notes/{draft['id']}"
    assert therapist.ask("POST", f"{path}/sign").get_json()["code"] == "step_up_required"
    clinic.step_up(therapist)
    stale = therapist.ask("POST", f"{path}/sign", headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.get_json()["current"]) == (412, 1)
    signed = therapist.ask("POST", f"{path}/sign", headers={"If-Match": '"1"'}).get_json()
    assert (signed["status"], signed["sections"]) == ("signed", sections("one"))
    locked = therapist.ask("PUT", path, {"sections": sections("two")}, {"If-Match": '"1"'})
    assert (locked.status_code, locked.get_json()["code"]) == (409, "note_locked")
    correction = {"sections": sections("two"), "reason": "A word was missing."}
    key = {"Idempotency-Key": "amend-once"}
    for _ in range(2):
        amended = therapist.ask("POST", f"{path}/amend", correction, key)
        assert (amended.status_code, amended.get_json()["version"]) == (201, 2)
        assert amended.get_json()["signature"]["verified"] is True
    late = therapist.ask("POST", f"{path}/amend", correction, {"If-Match": '"1"'})
    assert (late.status_code, late.get_json()["current"]) == (412, 2)
    history = clinic.browser("patient").get(f"{path}/versions")["items"]
    assert [(item["status"], item["reason"]) for item in history] == [
        ("amended", "A word was missing."),
        ("signed", None),
    ]
    without_reason = therapist.ask("POST", f"{path}/amend", {"sections": sections("three")})
    assert (without_reason.status_code, list(without_reason.get_json()["errors"])) == (422, ["reason"])


def test_a_colleague_with_consent_reads_and_does_not_write(
    clinic: Clinic, therapist: Browser, draft: dict[str, Any]
) -> None:
    body = {"practitioner": str(clinic.cast.therapist2.practitioner_id)}
    clinic.browser("patient").ask("POST", f"/patients/{clinic.cast.patient_id}/consents", body)
    colleague, path = clinic.browser("therapist2"), f"/notes/{draft['id']}"
    assert colleague.ask("GET", path).status_code == 404
    clinic.step_up(therapist)
    therapist.ask("POST", f"{path}/sign")
    assert colleague.get(path)["sections"] == sections("one")
    clinic.step_up(colleague)
    answer = colleague.ask("POST", f"{path}/amend", {"sections": sections("x"), "reason": "y"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "note_not_yours")


def test_a_note_sent_twice_is_one(clinic: Clinic, therapist: Browser) -> None:
    body, key = {"template": "soap", "sections": sections("one")}, {"Idempotency-Key": "one-note"}
    made = [therapist.ask("POST", clinic.notes, body, key) for _ in range(3)]
    assert {answer.status_code for answer in made} == {201}
    assert len({answer.get_json()["id"] for answer in made}) == 1
    assert len(therapist.get(clinic.notes)["items"]) == 1
    other = therapist.ask("POST", clinic.notes, {**body, "template": "dap"}, key)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"template": "horoscope"}, "template"),
        ({"sections": []}, "sections"),
        ({"sections": [{"title": "", "text": "x"}]}, "sections.0.title"),
        ({"sections": [{"title": "T", "text": "x" * 50_001}]}, "sections.0.text"),
        ({"sections": [{"title": "T", "text": "a\u0000b"}]}, "sections.0.text"),
        ({"compartment": "sud"}, "compartment"),
        ({"appointment": "00000000-0000-4000-8000-000000000000"}, "appointment"),
        ({"author": "me"}, "author"),
    ],
)
def test_bad_notes_are_refused_by_field(
    clinic: Clinic, therapist: Browser, change: dict[str, object], field: str
) -> None:
    body = {"template": "free", "sections": sections("one")} | change
    answer = therapist.ask("POST", clinic.notes, body)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])
    assert therapist.get(clinic.notes)["items"] == []


def test_process_notes_stay_with_their_author(clinic: Clinic, therapist: Browser) -> None:
    body = {"template": "free", "sections": sections("own thoughts"), "compartment": "psychotherapy"}
    note_id = therapist.ask("POST", clinic.notes, body).get_json()["id"]
    clinic.step_up(therapist)
    therapist.ask("POST", f"/notes/{note_id}/sign")
    patient = clinic.browser("patient")
    assert patient.ask("GET", f"/notes/{note_id}").status_code == 404
    assert patient.get(clinic.notes)["items"] == []
    share = {"practitioner": str(clinic.cast.therapist2.practitioner_id)}
    patient.ask("POST", f"/patients/{clinic.cast.patient_id}/consents", share)
    colleague = clinic.browser("therapist2")
    assert colleague.get(clinic.notes)["items"] == []
    refused = colleague.ask("GET", f"/notes/{note_id}").get_json()
    assert (refused["code"], refused["reasons"]) == ("consent_denied", ["no_consent"])
    assert therapist.get(f"/notes/{note_id}")["sections"] == sections("own thoughts")


def test_templates_are_offered_in_the_pages_language(therapist: Browser) -> None:
    items = therapist.get("/note-templates?lang=fr")["items"]
    titles = {item["code"]: [section["title"] for section in item["sections"]] for item in items}
    assert titles["dap"] == ["Données", "Évaluation", "Plan"]


def test_drafts_wait_in_their_authors_list_alone_until_they_are_signed(
    clinic: Clinic, therapist: Browser, draft: dict[str, Any]
) -> None:
    assert [item["id"] for item in therapist.get("/me/drafts")["items"]] == [draft["id"]]
    assert clinic.browser("patient").get("/me/drafts")["items"] == []
    clinic.step_up(therapist)
    therapist.ask("POST", f"/notes/{draft['id']}/sign", headers={"If-Match": draft["etag"]})
    assert therapist.get("/me/drafts")["items"] == []
