"""A call outlives the idle limit: it keeps its room and its note, while every other page times out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.functional.video.conftest import Browser, Scene
from tests.functional.video.test_signalling import OK, call

TREAT = {"X-Purpose-Of-Use": "TREAT"}


def status(browser: Browser, path: str) -> tuple[int, str | None]:
    """Return what a page gets."""
    response = browser.client.get(f"/api/v1{path}", headers=TREAT)
    body = response.get_json()
    return response.status_code, body.get("code") if isinstance(body, dict) else None


def write_note(scene: Scene) -> str:
    """Begin the visit's note."""
    response = scene.therapist.client.post(
        f"/api/v1/patients/{scene.visit.patient_id}/notes",
        json={
            "template": "free",
            "sections": [{"title": "Note", "text": "calm"}],
            "appointment": str(scene.visit.id),
        },
        headers={**TREAT, **scene.therapist.csrf},
    )
    assert response.status_code == 201, response.get_data(as_text=True)
    return str(response.get_json()["id"])


def save_note(scene: Scene, note: str) -> int:
    """Read the note and save it anew."""
    client, headers = scene.therapist.client, {**TREAT, **scene.therapist.csrf}
    read = client.get(f"/api/v1/notes/{note}", headers=headers)
    if read.status_code != 200:
        return read.status_code
    return client.put(
        f"/api/v1/notes/{note}",
        json={"sections": [{"title": "Note", "text": "calmer"}]},
        headers={**headers, "If-Match": read.headers["ETag"]},
    ).status_code


def test_an_hours_call_keeps_room_and_note_and_nothing_else(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    note = write_note(scene)
    scene.clock.advance(timedelta(minutes=60))
    assert therapist.emit("restart", {"epoch": epoch}) == OK
    assert patient.emit("restart", {"epoch": epoch}) == OK
    assert save_note(scene, note) == 200
    for path in (
        "/appointments",
        f"/patients/{scene.visit.patient_id}/notes",
        "/me/sessions",
        "/me/draft-key",
    ):
        assert status(scene.therapist, path) == (401, "session_idle")
    for path in ("/appointments", "/me/sessions"):
        assert status(scene.patient, path) == (401, "session_idle")
    assert status(scene.other, "/appointments") == (401, "signed_out")


def test_a_reload_in_the_last_minutes_comes_back_into_the_room(scene: Scene) -> None:
    _, patient, epoch = call(scene)
    scene.clock.advance(timedelta(minutes=50))
    patient.close()
    scene.clock.advance(timedelta(minutes=1))
    scene.patient.reload()
    _, welcome = scene.patient.join()
    assert (welcome["state"], welcome["epoch"]) == ("admitted", epoch + 1)


def test_after_the_call_the_session_is_as_old_as_it_is(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    note = write_note(scene)
    scene.clock.advance(timedelta(minutes=50))
    assert therapist.emit("end", {"epoch": epoch}) == OK
    assert save_note(scene, note) == 401
    assert scene.patient.open_door().status_code == 401
    assert patient.emit("restart", {"epoch": epoch})["code"] == "signed_out"


@pytest.mark.parametrize("minutes", [3, 60])
def test_a_seat_whose_line_stays_down_keeps_nothing(scene: Scene, minutes: int) -> None:
    _, patient, _ = call(scene)
    scene.clock.advance(timedelta(minutes=40))
    patient.close()
    scene.clock.advance(timedelta(minutes=minutes))
    assert scene.patient.open_door().status_code == 401
