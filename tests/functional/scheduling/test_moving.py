"""Moving and cancelling over HTTP: once for each intent, in the version that was seen, within the notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import Browser, World, wish


def far_slots(world: World) -> list[dict[str, Any]]:
    """Return times of one practitioner that are more than the notice away."""
    return world.slots(practitioner=world.diary.practitioners[0], **{"from": "2026-11-24T00:00:00Z"})


@pytest.fixture
def patient(world: World) -> Browser:
    """The patient whose visit it is."""
    return world.browser(world.diary.patient_actors[0])


@pytest.fixture
def visit(world: World, patient: Browser) -> dict[str, Any]:
    """A visit in three days."""
    answer = patient.post("/appointments", wish(far_slots(world)[0]))
    assert answer.status_code == 201
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_visit_tells_until_when_it_may_be_changed(visit: dict[str, Any]) -> None:
    assert visit["starts_at"] == "2026-11-24T07:00:00+00:00"
    assert (visit["change_until"], visit["change_until_local"], visit["may_cancel"]) == (
        "2026-11-23T07:00:00+00:00",
        "2026-11-23T09:00",
        True,
    )


def test_a_patient_moves_the_visit_that_they_have_seen(
    world: World, patient: Browser, visit: dict[str, Any]
) -> None:
    path, later = f"/appointments/{visit['id']}", far_slots(world)[2]["starts_at"]
    seen = patient.get(path)
    assert seen.headers["ETag"] == '"1"'
    moved = patient.post(f"{path}/reschedule", {"starts_at": later}, **{"If-Match": '"1"'})
    assert (moved.status_code, moved.get_json()["starts_at"], moved.headers["ETag"]) == (200, later, '"2"')
    stale = patient.post(f"{path}/reschedule", {"starts_at": visit["starts_at"]}, **{"If-Match": '"1"'})
    assert (stale.status_code, stale.get_json()["code"]) == (412, "appointment_changed")
    refused = patient.post(f"{path}/cancel", {}, **{"If-Match": '"1"'})
    assert refused.status_code == 412
    wrong = patient.post(f"{path}/cancel", {}, **{"If-Match": "one"})
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["If-Match"])
    assert world.slots(practitioner=world.diary.practitioners[0], limit=40)


def test_moving_again_to_where_it_is_changes_nothing(
    world: World, patient: Browser, visit: dict[str, Any]
) -> None:
    path, later = f"/appointments/{visit['id']}/reschedule", far_slots(world)[1]["starts_at"]
    key = {"Idempotency-Key": "one intent", "If-Match": '"1"'}
    answers = [patient.post(path, {"starts_at": later}, **key) for _ in range(2)]
    answers.append(patient.post(path, {"starts_at": later}, **{"If-Match": '"1"'}))
    assert [(one.status_code, one.get_json()["version"]) for one in answers] == [(200, 2)] * 3


def test_cancelling_again_with_the_same_key_is_the_same_answer(
    patient: Browser, visit: dict[str, Any]
) -> None:
    path, key = f"/appointments/{visit['id']}/cancel", {"Idempotency-Key": "one intent"}
    answers = [patient.post(path, {"reason": "I am well"}, **key) for _ in range(2)]
    assert [(one.status_code, one.get_json()["status"]) for one in answers] == [(200, "cancelled")] * 2
    again = patient.post(path, {})
    assert (again.status_code, again.get_json()["code"]) == (409, "not_open")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "could be changed here until"),
        ("fr", "pouvait être modifié ici jusqu’au"),
        ("ar", "متاحًا هنا حتى"),
    ],
)
def test_after_the_notice_one_is_told_until_when_it_was_possible(
    world: World, visit: dict[str, Any], clock: FakeClock, language: str, words: str
) -> None:
    clock.advance(timedelta(hours=23))
    patient = world.browser(world.diary.patient_actors[0])
    patient.client.set_cookie("lang", language)
    for act, body in (("cancel", {}), ("reschedule", {"starts_at": far_slots(world)[3]["starts_at"]})):
        refused = patient.post(f"/appointments/{visit['id']}/{act}", body)
        problem = refused.get_json()
        assert (refused.status_code, problem["code"]) == (409, "too_late")
        assert (problem["until"], problem["until_local"]) == (visit["change_until"], "2026-11-23T09:00")
        assert words in problem["detail"]
        assert "23/11/2026 09:00" in problem["detail"]
