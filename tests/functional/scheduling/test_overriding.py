"""The desk over HTTP: what would clash, booking over it with a reason, and another room."""

from __future__ import annotations

from typing import Any

import pytest

from clinic.ids import new_id
from tests.factories.scheduling import make_room
from tests.functional.scheduling.conftest import Browser, World, wish


@pytest.fixture
def desk(world: World) -> Browser:
    """Reception."""
    return world.browser(world.diary.desk)


@pytest.fixture
def slot(world: World) -> dict[str, Any]:
    """A time of the first practitioner."""
    return world.slots(practitioner=world.diary.practitioners[0])[1]


def book(world: World, slot: dict[str, Any], person: int = 0, **more: object) -> dict[str, Any]:
    """Let a patient book."""
    browser = world.browser(world.diary.patient_actors[person])
    found: dict[str, Any] = browser.post("/appointments", wish(slot, **more)).get_json()
    return found


def test_step_by_step_the_desk_books_over_a_clash(world: World, desk: Browser, slot: dict[str, Any]) -> None:
    there = book(world, slot)
    body = wish(slot, patient=str(world.diary.patients[1]))
    seen = desk.post("/appointments/preview", body).get_json()
    assert (seen["offered"], seen["may_override"]) == (False, True)
    (clash,) = seen["conflicts"]
    assert clash == {
        "kind": "taken",
        "firm": False,
        "appointment": there["id"],
        "patient_name": "Samar Haddad",
        "starts_at": there["starts_at"],
        "ends_at": there["ends_at"],
        "local": there["local"],
        "local_end": seen["local_end"],
    }
    assert len(seen["alternatives"]) == 3
    assert desk.post("/appointments", body).get_json()["code"] == "slot_taken"
    short = desk.post("/appointments", {**body, "override": {"reason": "-"}})
    assert (short.status_code, list(short.get_json()["errors"])) == (422, ["override.reason"])
    made = desk.post("/appointments", {**body, "override": {"reason": "Came in great distress"}})
    assert made.status_code == 201
    visit = made.get_json()
    assert (visit["overbooked"], visit["overbook_of"]) == (True, there["id"])
    page = {"from": "2026-11-22T00:00:00Z", "to": "2026-11-29T00:00:00Z"}
    for items in (desk.get("/appointments"), desk.get("/calendar", **page)):
        marked = {item["id"]: item["overbooked"] for item in items.get_json()["items"]}
        assert marked == {there["id"]: False, visit["id"]: True}
        assert "distress" not in items.get_data(as_text=True)
    one = f"/appointments/{visit['id']}"
    assert desk.get(one).get_json()["override_reason"] == "Came in great distress"
    own = world.browser(world.diary.patient_actors[1]).get(one).get_json()
    assert (own["overbooked"], own["overbook_of"], own["override_reason"]) == (False, None, None)


def test_a_move_is_looked_at_and_forced_likewise(world: World, desk: Browser, slot: dict[str, Any]) -> None:
    book(world, slot)
    other = book(world, world.slots(practitioner=world.diary.practitioners[1])[4], 1)
    body = {**wish(slot), "appointment": other["id"]}
    seen = desk.post("/appointments/preview", body).get_json()
    assert [clash["kind"] for clash in seen["conflicts"]] == ["taken"]
    path = f"/appointments/{other['id']}/reschedule"
    move = {"starts_at": slot["starts_at"], "practitioner": slot["practitioner"]}
    assert desk.post(path, move).get_json()["code"] == "slot_taken"
    moved = desk.post(path, {**move, "override": {"reason": "The only day she can"}})
    assert (moved.status_code, moved.get_json()["overbooked"]) == (200, True)


def test_a_wall_time_is_looked_at_as_the_instant_that_it_is(desk: Browser, slot: dict[str, Any]) -> None:
    wall = {name: value for name, value in wish(slot).items() if name != "starts_at"}
    wall |= {"local": slot["local"], "tz": slot["tz"]}
    seen = desk.post("/appointments/preview", wall).get_json()
    assert (seen["offered"], seen["starts_at"]) == (True, slot["starts_at"])
    skipped = desk.post(
        "/appointments/preview", {**wall, "local": "2027-03-26T02:30", "tz": "Asia/Jerusalem"}
    )
    assert (skipped.status_code, skipped.get_json()["code"]) == (422, "time_skipped")


def test_where_the_visit_stands_nothing_is_in_the_way(world: World, slot: dict[str, Any]) -> None:
    visit = book(world, slot)
    patient = world.browser(world.diary.patient_actors[0])
    seen = patient.post("/appointments/preview", {**wish(slot), "appointment": visit["id"]}).get_json()
    assert (seen["offered"], seen["conflicts"], seen["local"]) == (True, [], visit["local"])


@pytest.mark.parametrize(
    ("starts_at", "kinds"),
    [
        ("2026-11-22T08:00:00Z", ["past"]),
        ("2026-11-22T20:00:00Z", ["outside_hours"]),
        ("2027-11-21T10:00:00Z", ["too_far"]),
        ("2026-11-22T14:30:00Z", ["outside_hours"]),
    ],
)
def test_hours_and_policy_are_in_the_way_too(
    world: World, desk: Browser, slot: dict[str, Any], starts_at: str, kinds: list[str]
) -> None:
    seen = desk.post("/appointments/preview", wish({**slot, "starts_at": starts_at})).get_json()
    assert [clash["kind"] for clash in seen["conflicts"]] == kinds
    assert seen["may_override"] is (kinds != ["past"])


def test_a_break_and_a_patients_own_visit_are_told_apart(
    world: World, desk: Browser, slot: dict[str, Any]
) -> None:
    there = book(world, slot)
    elsewhere = wish({**slot, "practitioner": str(world.diary.practitioners[1])})
    own = desk.post(
        "/appointments/preview", {**elsewhere, "patient": str(world.diary.patients[0])}
    ).get_json()
    assert [(one["kind"], one["firm"], one["appointment"]) for one in own["conflicts"]] == [
        ("patient_busy", True, there["id"])
    ]
    assert own["may_override"] is False
    forced = desk.post(
        "/appointments",
        {**elsewhere, "patient": str(world.diary.patients[0]), "override": {"reason": "on purpose"}},
    )
    assert (forced.status_code, forced.get_json()["code"]) == (409, "visit_overlap")


def test_patients_see_no_diary_in_a_preview_and_override_nothing(world: World, slot: dict[str, Any]) -> None:
    book(world, slot)
    other = world.browser(world.diary.patient_actors[1])
    seen = other.post("/appointments/preview", wish(slot)).get_json()
    (clash,) = seen["conflicts"]
    assert (clash["kind"], seen["may_override"]) == ("taken", False)
    assert {clash[name] for name in ("appointment", "patient_name", "starts_at", "local")} == {None}
    forced = other.post("/appointments", wish(slot, override={"reason": "I want it"}))
    assert forced.status_code == 403
    strangers = other.post("/appointments/preview", wish(slot, patient=str(world.diary.patients[0])))
    assert strangers.status_code == 404


def test_practitioners_look_ahead_in_their_own_diary_for_those_in_their_care(
    world: World, slot: dict[str, Any]
) -> None:
    first, second = (world.browser(actor) for actor in world.diary.therapist_actors)
    assert second.post("/appointments/preview", wish(slot)).status_code == 403
    stranger = first.post("/appointments/preview", wish(slot, patient=str(world.diary.patients[0])))
    assert (stranger.status_code, stranger.get_json()["code"]) == (403, "consent_denied")
    book(world, slot)
    seen = first.post("/appointments/preview", wish(slot, patient=str(world.diary.patients[0]))).get_json()
    assert {one["kind"] for one in seen["conflicts"]} == {"taken", "patient_busy"}
    assert seen["may_override"] is False


def test_the_desk_chooses_another_room(world: World, desk: Browser, slot: dict[str, Any]) -> None:
    rooms = [make_room(world.parts.database, world.diary.site, name) for name in ("Room 1", "Room 2")]
    visit = book(world, slot, modality="in_person")
    assert (visit["location"], visit["location_name"]) == (str(rooms[0]), "Room 1")
    path = f"/appointments/{visit['id']}/location"
    items = desk.get(f"{path}s").get_json()["items"]
    assert [(one["name"], one["free"]) for one in items] == [("Room 1", True), ("Room 2", True)]
    moved = desk.put(path, {"location": str(rooms[1])}, **{"If-Match": '"1"'})
    assert (moved.status_code, moved.get_json()["location_name"], moved.headers["ETag"]) == (
        200,
        "Room 2",
        '"2"',
    )
    assert desk.put(path, {"location": str(rooms[0])}, **{"If-Match": '"1"'}).status_code == 412
    assert desk.put(path, {"location": str(new_id())}).status_code == 422
    patient = world.browser(world.diary.patient_actors[0])
    assert patient.put(path, {"location": None}).status_code == 404


def test_a_preview_names_the_room_or_that_there_is_none(
    world: World, desk: Browser, slot: dict[str, Any]
) -> None:
    make_room(world.parts.database, world.diary.site, "Room 1")
    body = wish(slot, modality="in_person")
    assert desk.post("/appointments/preview", body).get_json()["location_name"] == "Room 1"
    book(world, slot, modality="in_person")
    elsewhere = {**body, "practitioner": str(world.diary.practitioners[1])}
    seen = desk.post("/appointments/preview", elsewhere).get_json()
    assert ([one["kind"] for one in seen["conflicts"]], seen["location"]) == (["no_room"], None)
