"""The waitlist over HTTP: who may wait, offer and accept, and what each is told."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from clinic.ids import new_id
from clinic.notifications import post
from clinic.notifications.channels.memory import MemoryChannel
from clinic.scheduling import tasks
from clinic.scheduling.letters import spoken
from clinic.supervision.worker import jobs
from tests.functional.scheduling.conftest import Browser, World, collect, wish


@pytest.fixture
def desk(world: World) -> Browser:
    """Reception."""
    return world.browser(world.diary.desk)


@pytest.fixture
def patient(world: World) -> Browser:
    """The first patient."""
    return world.browser(world.diary.patient_actors[0])


def wait(world: World, browser: Browser, **more: object) -> dict[str, Any]:
    response = browser.post("/waitlist", {"service": world.diary.service, "modality": "video", **more})
    assert response.status_code == 201, response.get_json()
    entry: dict[str, Any] = response.get_json()
    return entry


def at(slot: dict[str, Any]) -> dict[str, Any]:
    return {"practitioner": slot["practitioner"], "starts_at": slot["starts_at"]}


def test_a_cancelled_time_finds_the_one_who_waits(world: World, desk: Browser, patient: Browser) -> None:
    slots = world.slots(practitioner=world.diary.practitioners[0])
    visit = patient.post("/appointments", wish(slots[4])).get_json()
    entry = wait(world, patient, appointment=visit["id"], practitioner=world.diary.practitioners[0])
    assert (entry["triage"], entry["state"], entry["waited_days"]) == ("routine", "waiting", 0)
    assert tasks.refill_free_times(world.parts.database, world.parts.clock) == 1
    (offer,) = patient.get("/offers").get_json()["items"]
    assert (offer["starts_at"], offer["standing"]) == (slots[0]["starts_at"], visit["id"])
    assert offer["expires_local"] < offer["local"]
    moved = patient.post(f"/offers/{offer['id']}/accept")
    assert moved.status_code == 200, moved.get_json()
    assert (moved.get_json()["id"], moved.get_json()["starts_at"]) == (visit["id"], slots[0]["starts_at"])
    assert patient.get("/waitlist").get_json()["items"] == []


def test_an_offer_is_told_while_it_stands(world: World, patient: Browser, channel: MemoryChannel) -> None:
    entry, slot = wait(world, patient), world.slots()[0]
    desk = world.browser(world.diary.desk)
    first = desk.post(f"/waitlist/{entry['id']}/offers", at(slot)).get_json()
    ((_, letter),) = collect(world, channel)
    assert f"{spoken(slot['local'], 'en')}, clinic time" in letter.text
    assert f"kept for you until {first['expires_local'][-5:]}" in letter.text
    assert first["practitioner_name"] not in letter.text
    (mine,) = patient.get("/waitlist").get_json()["items"]
    assert (mine["offer"]["site"], mine["offer"]["site_name"]) == (slot["site"], "Jerusalem")
    assert patient.post(f"/offers/{first['id']}/decline").status_code == 200
    second = desk.post(f"/waitlist/{entry['id']}/offers", at(world.slots()[1])).get_json()
    desk.delete(f"/offers/{second['id']}")
    assert collect(world, channel) == []


def test_the_desk_ranks_offers_and_takes_back(world: World, desk: Browser, patient: Browser) -> None:
    slot = world.slots()[0]
    evening = wait(world, desk, patient=world.diary.patients[1], parts=["evening"], triage="soon")
    anytime = wait(world, patient)
    queue = desk.get("/waitlist", **at(slot)).get_json()["items"]
    assert [(one["id"], one["fits"]) for one in queue] == [(anytime["id"], True), (evening["id"], False)]
    assert [one["id"] for one in desk.get("/waitlist").get_json()["items"]] == [evening["id"], anytime["id"]]
    made = desk.post(f"/waitlist/{anytime['id']}/offers", at(slot), **{"Idempotency-Key": "once"})
    again = desk.post(f"/waitlist/{anytime['id']}/offers", at(slot), **{"Idempotency-Key": "once"})
    assert (made.status_code, again.status_code) == (201, 201)
    assert made.get_json()["id"] == again.get_json()["id"]
    assert desk.delete(f"/offers/{made.get_json()['id']}").status_code == 204
    refused = patient.post(f"/offers/{made.get_json()['id']}/accept")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "offer_over")
    figures = desk.get("/waitlist/figures", **{"from": "2026-11-22T00:00Z", "to": "2026-11-23T00:00Z"})
    assert (figures.get_json()["offered"], figures.get_json()["acceptance"]) == (1, 0.0)


def test_a_patient_sees_nobody_else_in_the_queue(world: World, patient: Browser) -> None:
    other = world.browser(world.diary.patient_actors[1])
    theirs = wait(world, other)
    assert patient.get("/waitlist").get_json()["items"] == []
    assert patient.delete(f"/waitlist/{theirs['id']}").status_code == 404
    assert other.delete(f"/waitlist/{theirs['id']}").status_code == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"modality": "smoke"}, "modality"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays"),
        ({"parts": ["midnight"]}, "parts"),
        ({"until": "1926-11-22"}, "until"),
        ({"service": "talk"}, "service"),
        ({"urgency": "high"}, "urgency"),
    ],
)
def test_a_wish_that_cannot_be_meant_is_refused_by_field(
    world: World, patient: Browser, body: dict[str, object], field: str
) -> None:
    whole = {"service": str(world.diary.service), "modality": "video", **body}
    refused = patient.post("/waitlist", whole)
    assert refused.status_code == 422
    assert any(name.split(".")[0] == field for name in refused.get_json()["errors"])


def test_only_the_desk_offers_and_says_how_urgent_it_is(world: World, patient: Browser) -> None:
    entry, slot = wait(world, patient), world.slots()[0]
    assert patient.post(f"/waitlist/{entry['id']}/offers", at(slot)).status_code in {403, 404}
    response = patient.client.patch(
        f"/api/v1/waitlist/{entry['id']}", json={"triage": "urgent"}, headers=patient.headers
    )
    assert response.status_code in {403, 404}


def test_an_offer_that_is_not_there_is_not_found(world: World, patient: Browser, desk: Browser) -> None:
    for act in ("accept", "decline"):
        assert patient.post(f"/offers/{new_id()}/{act}").status_code == 404
    assert desk.delete(f"/offers/{new_id()}").status_code == 404
    assert desk.post(f"/waitlist/{new_id()}/offers", at(world.slots()[0])).status_code == 404


@pytest.mark.parametrize("by_themselves", [True, False])
def test_a_clinic_may_leave_offers_to_its_desk(world: World, *, by_themselves: bool) -> None:
    settings = replace(world.parts.settings, waitlist_offers=by_themselves)
    due = jobs(replace(world.parts, settings=settings), post.office(world.app.extensions), Event())
    assert {job.name for job in due} & {"refill_times", "end_waits"} == {
        "refill_times" if by_themselves else "end_waits"
    }
