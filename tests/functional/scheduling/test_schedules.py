"""Hours and calendar for staff, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.scheduling.conftest import World, wish

RULE = {
    "weekday": 0,
    "start": "09:00",
    "end": "12:30",
    "tz": "Asia/Hebron",
    "valid_from": "2026-11-01",
    "valid_to": None,
    "modality": ["video"],
    "overnight": False,
    "site": None,
}
WEEK = {"from": "2026-11-22T00:00:00+02:00", "to": "2026-11-29T00:00:00+02:00"}


def path(world: World, number: int = 0) -> str:
    return f"/practitioners/{world.diary.practitioners[number]}/availability"


def test_hours_are_replaced_by_whoever_has_read_them(world: World) -> None:
    therapist = world.browser(world.diary.therapist_actors[0])
    read = therapist.get(path(world))
    assert len(read.get_json()["rules"]) == 5
    slot = world.slots(practitioner=world.diary.practitioners[0])[0]
    visit = world.browser(world.diary.patient_actors[0]).post("/appointments", wish(slot)).get_json()
    looked = therapist.put(
        f"{path(world)}?preview=1", {"rules": [RULE]}, **{"If-Match": read.headers["ETag"]}
    )
    assert (looked.status_code, looked.headers["ETag"]) == (200, read.headers["ETag"])
    assert (looked.get_json()["rules"], looked.get_json()["groups"]) == ([RULE], [])
    assert [one["id"] for one in looked.get_json()["visits"]] == [visit["id"]]
    written = therapist.put(path(world), {"rules": [RULE]}, **{"If-Match": read.headers["ETag"]})
    assert (written.status_code, written.get_json()["rules"]) == (200, [RULE])
    assert therapist.get(path(world)).headers["ETag"] == written.headers["ETag"] != read.headers["ETag"]
    late = therapist.put(path(world), {"rules": []}, **{"If-Match": "W/" + read.headers["ETag"]})
    assert (late.status_code, late.get_json()["code"]) == (412, "hours_changed")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end": "09:00"}, "rules.0.end"),
        ({"end": "08:00"}, "rules.0.end"),
        ({"tz": "Mars/Olympus"}, "rules.0.tz"),
        ({"weekday": 7}, "rules.0.weekday"),
        ({"weekday": "1"}, "rules.0.weekday"),
        ({"start": "25:00"}, "rules.0.start"),
        ({"valid_to": "2026-10-31"}, "rules.0.valid_to"),
        ({"valid_from": "9999-12-31"}, "rules.0.valid_from"),
        ({"valid_to": "9999-12-31"}, "rules.0.valid_to"),
        ({"modality": []}, "rules.0.modality"),
        ({"modality": ["letter"]}, "rules.0.modality.0"),
        ({"overnight": True}, "rules.0.overnight"),
    ],
)
def test_bad_hours_are_refused_by_field(world: World, change: dict[str, Any], field: str) -> None:
    desk = world.browser(world.diary.desk)
    etag = desk.get(path(world)).headers["ETag"]
    refused = desk.put(path(world), {"rules": [{**RULE, **change}]}, **{"If-Match": etag})
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == [field]


def test_hours_are_for_staff_and_edited_by_their_owner(world: World) -> None:
    body = {"rules": [RULE]}
    patient, colleague = (
        world.browser(actor) for actor in (world.diary.patient_actors[0], world.diary.therapist_actors[1])
    )
    assert patient.get(path(world)).status_code == 404
    assert patient.put(path(world), body).status_code == 404
    assert colleague.get(path(world)).status_code == 200
    assert colleague.put(path(world), body, **{"If-Match": '"x"'}).status_code == 403
    desk = world.browser(world.diary.desk)
    for missing in ({}, {"If-Match": "*"}, {"If-Match": '"'}):
        assert list(desk.put(path(world), body, **missing).get_json()["errors"]) == ["If-Match"]
    assert desk.put(path(world), {"rules": [RULE] * 101}).status_code == 422


def test_the_calendar_shows_visits_and_the_hours_they_lie_in(world: World) -> None:
    desk = world.browser(world.diary.desk)
    slot = world.slots(practitioner=world.diary.practitioners[1])[0]
    visit = desk.post("/appointments", wish(slot, patient=str(world.diary.patients[0]))).get_json()
    page = desk.get("/calendar", **WEEK).get_json()
    assert [item["id"] for item in page["items"]] == [visit["id"]]
    assert len(page["hours"]) == 10
    assert page["hours"][0]["local"] == "2026-11-22T09:00"
    assert page["hours"][0]["local_end"] == "2026-11-22T17:00"
    other = desk.get("/calendar", practitioner=world.diary.practitioners[0], **WEEK).get_json()
    assert (other["items"], len(other["hours"])) == ([], 5)


def test_practitioners_see_their_own_calendar_and_patients_none(world: World) -> None:
    own = world.browser(world.diary.therapist_actors[0])
    page = own.get("/calendar", practitioner=world.diary.practitioners[1], **WEEK).get_json()
    assert {item["practitioner"] for item in page["hours"]} == {str(world.diary.practitioners[0])}
    assert world.browser(world.diary.patient_actors[0]).get("/calendar", **WEEK).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "2026-11-21T00:00:00Z"}, "to"),
        ({"to": "2027-11-21T00:00:00Z"}, "to"),
        ({"from": "now"}, "from"),
        ({"from": "0001-01-01T00:00:00+02:00", "to": "0001-01-02T00:00:00+02:00"}, "from"),
        ({"from": "9999-12-30T00:00:00Z", "to": "9999-12-31T23:00:00Z"}, "from"),
    ],
)
def test_a_bad_calendar_page_is_refused_by_field(world: World, change: dict[str, str], field: str) -> None:
    refused = world.browser(world.diary.desk).get("/calendar", **{**WEEK, **change})
    assert (refused.status_code, next(iter(refused.get_json()["errors"]))) == (422, field)
