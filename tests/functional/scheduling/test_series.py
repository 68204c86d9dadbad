"""A series from the desk: looked at, booked whole or with gaps, moved, called off; one letter each time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from clinic.db.transaction import snapshot, transaction
from clinic.identity.services.relationships import relate
from clinic.ids import new_id
from clinic.notifications.models import OutboxMessage
from tests.functional.scheduling.conftest import Browser, World, wish


@pytest.fixture
def desk(world: World) -> Browser:
    """Reception."""
    return world.browser(world.diary.desk)


def weekly(world: World, **more: object) -> dict[str, Any]:
    """Return the body of eight weeks on Tuesdays at ten."""
    body = {
        "service": str(world.diary.service),
        "practitioner": str(world.diary.practitioners[0]),
        "patient": str(world.diary.patients[0]),
        "modality": "in_person",
        "starts_at": "2026-11-24T10:00:00+02:00",
        "rhythm": "weekly",
        "count": 8,
    }
    return {**body, **more}


def booked(desk: Browser, body: dict[str, Any]) -> dict[str, Any]:
    response = desk.post("/series", body)
    assert response.status_code == 201, response.get_json()
    found: dict[str, Any] = response.get_json()
    return found


def letters(world: World) -> list[str]:
    """Return the kinds of letters that were queued, reminders aside."""
    chosen = select(OutboxMessage.kind).where(OutboxMessage.kind.not_like("%.reminder"))
    with snapshot(world.parts.database) as session:
        return list(session.scalars(chosen.order_by(OutboxMessage.created_at)))


def taken_by(world: World, desk: Browser, starts_at: str, *, patient: int, practitioner: int) -> None:
    """Book one visit of the first week's hour in another week, past the horizon of patients."""
    body = weekly(
        world,
        starts_at=starts_at,
        count=1,
        patient=str(world.diary.patients[patient]),
        practitioner=str(world.diary.practitioners[practitioner]),
    )
    booked(desk, body)


def test_a_preview_tells_what_each_date_meets_and_keeps_nothing(world: World, desk: Browser) -> None:
    taken_by(world, desk, "2026-12-01T10:00:00+02:00", patient=1, practitioner=0)
    taken_by(world, desk, "2026-12-08T10:00:00+02:00", patient=0, practitioner=1)
    response = desk.post("/series?preview=1", weekly(world))
    assert response.status_code == 200, response.get_json()
    dates = response.get_json()["occurrences"]
    assert [each["fate"] for each in dates] == ["free", "clash", "patient_clash", *["free"] * 5]
    assert [each["local"] for each in dates][:2] == ["2026-11-24T10:00", "2026-12-01T10:00"]
    assert [each["local"] for each in dates[1]["alternatives"]] == [
        "2026-12-01T09:00",
        "2026-12-01T11:00",
        "2026-12-01T12:00",
    ]
    assert dates[0]["alternatives"] == []
    assert len(desk.get("/appointments").get_json()["items"]) == 2


def test_outside_the_hours_is_said(world: World, desk: Browser) -> None:
    friday = weekly(world, starts_at="2026-11-27T10:00:00+02:00", count=2)
    dates = desk.post("/series?preview=1", friday).get_json()["occurrences"]
    assert [each["fate"] for each in dates] == ["outside_hours"] * 2


def test_all_or_none_books_none_where_one_is_taken(world: World, desk: Browser) -> None:
    taken_by(world, desk, "2026-12-01T10:00:00+02:00", patient=1, practitioner=0)
    response = desk.post("/series", weekly(world))
    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (409, "series_clash")
    assert [each["fate"] for each in problem["occurrences"]][:3] == ["free", "clash", "free"]
    assert len(desk.get("/appointments").get_json()["items"]) == 1


def test_skip_books_the_others_and_remembers_the_gap(world: World, desk: Browser) -> None:
    taken_by(world, desk, "2026-12-01T10:00:00+02:00", patient=1, practitioner=0)
    series = booked(desk, weekly(world, policy="skip"))
    assert len(series["visits"]) == 7
    assert series["skipped"] == [{"local": "2026-12-01T10:00", "fate": "clash"}]
    assert {visit["series_id"] for visit in series["visits"]} == {series["id"]}
    assert {visit["local"][11:] for visit in series["visits"]} == {"10:00"}


def test_the_desk_books_single_dates_over_what_they_meet(world: World, desk: Browser) -> None:
    taken_by(world, desk, "2026-12-01T10:00:00+02:00", patient=1, practitioner=0)
    taken_by(world, desk, "2026-12-08T10:00:00+02:00", patient=0, practitioner=1)
    over = ["2026-12-01T10:00:00+02:00", "2026-12-08T10:00:00+02:00"]
    body = weekly(world, over=over, override={"reason": "The only hour she can"})
    refused = desk.post("/series", body)
    dates = refused.get_json()["occurrences"]
    assert (refused.status_code, [each["over"] for each in dates][:3]) == (409, [False, True, False])
    series = booked(desk, {**body, "policy": "skip"})
    assert series["skipped"] == [{"local": "2026-12-08T10:00", "fate": "patient_clash"}]
    assert [visit["overbooked"] for visit in series["visits"]] == [False, True, *[False] * 5]
    seen = desk.get(f"/appointments/{series['visits'][1]['id']}").get_json()
    assert seen["override_reason"] == "The only hour she can"
    for change, field in (({"override": None}, "override"), ({"over": []}, "over")):
        answer = desk.post("/series", {**body, **change})
        assert (answer.status_code, set(answer.get_json()["errors"])) == (422, {field})
    therapist = world.browser(world.diary.therapist_actors[0])
    assert therapist.post("/series", body).status_code == 403


def test_single_dates_are_moved_and_left_out(world: World, desk: Browser) -> None:
    taken_by(world, desk, "2026-12-01T10:00:00+02:00", patient=1, practitioner=0)
    change = {"instead_of": "2026-12-01T10:00:00+02:00", "starts_at": "2026-12-01T11:00:00+02:00"}
    series = booked(desk, weekly(world, moved=[change], left_out=["2026-12-08T10:00:00+02:00"]))
    assert [visit["local"] for visit in series["visits"]][:2] == ["2026-11-24T10:00", "2026-12-01T11:00"]
    assert series["skipped"] == [{"local": "2026-12-08T10:00", "fate": "left_out"}]


def test_a_year_of_weeks_is_one_letter(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world, count=52))
    assert len(series["visits"]) == 52
    assert {visit["local"][11:] for visit in series["visits"]} == {"10:00"}
    assert len({visit["offset"] for visit in series["visits"]}) == 2  # the clocks change on the way
    assert letters(world) == ["series.booked"]


def test_the_first_date_may_be_said_as_clocks_show_it(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world, starts_at=None, local="2026-11-24T10:00"))
    assert series["visits"][0]["starts_at"] == "2026-11-24T08:00:00+00:00"
    for both in ({"local": "2026-11-24T10:00"}, {"starts_at": None}, {"local": "2026-11-24T10:00+02:00"}):
        assert desk.post("/series", weekly(world, **both)).status_code == 422


def test_the_same_key_is_one_series(world: World, desk: Browser) -> None:
    first, again = (
        desk.post("/series", weekly(world), **{"Idempotency-Key": "one intent"}) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"count": 10_000}, "count"),
        ({"count": None}, "count"),
        ({"count": None, "until": "2026-11-01"}, "until"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"starts_at": "2026-11-24T10:00:00"}, "starts_at"),
        ({"starts_at": "2026-11-17T10:00:00+02:00"}, "starts_at"),
        ({"rhythm": "daily"}, "rhythm"),
        ({"policy": "force"}, "policy"),
        ({"patient": str(new_id())}, "patient"),
        ({"practitioner": str(new_id())}, "practitioner"),
        ({"service": str(new_id())}, "service"),
        ({"left_out": ["2026-11-25T10:00:00+02:00"]}, "left_out"),
        ({"moved": [{"instead_of": "2026-12-01T08:00:00Z", "starts_at": "2026-11-17T08:00:00Z"}]}, "moved"),
        ({"surprise": 1}, "surprise"),
    ],
)
@pytest.mark.parametrize("query", ["", "?preview=1"])
def test_refuses_by_field(
    world: World, desk: Browser, query: str, change: dict[str, object], field: str
) -> None:
    response = desk.post(f"/series{query}", weekly(world, **change))
    assert response.status_code == 422, response.get_json()
    assert set(response.get_json()["errors"]) == {field}


def test_a_practitioner_plans_for_those_in_their_care_alone(world: World) -> None:
    therapist = world.diary.therapist_actors[0]
    browser = world.browser(therapist)
    assert browser.post("/series", weekly(world)).status_code == 403
    with transaction(world.parts.database) as session:
        relate(
            session,
            actor=world.diary.desk,
            clock=world.parts.clock,
            patient_id=world.diary.patients[0],
            practitioner_id=world.diary.practitioners[0],
        )
    series = booked(browser, weekly(world))
    others = weekly(world, practitioner=str(world.diary.practitioners[1]))
    assert browser.post("/series", others).status_code == 403
    stranger = world.browser(world.diary.therapist_actors[1])
    assert stranger.get(f"/series/{series['id']}").status_code == 404


def test_patients_see_their_series_and_plan_none(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    patient, other = (world.browser(actor) for actor in world.diary.patient_actors)
    seen = patient.get(f"/series/{series['id']}")
    assert len(seen.get_json()["visits"]) == 8
    assert other.get(f"/series/{series['id']}").status_code == 404
    assert patient.post("/series", weekly(world)).status_code == 404
    assert patient.post(f"/series/{series['id']}/cancel", {"scope": "all"}).status_code == 404
    listed = patient.get("/appointments").get_json()["items"]
    assert {visit["series_id"] for visit in listed} == {series["id"]}


def test_following_visits_move_together_and_are_one_letter(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    move = {
        "scope": "following",
        "from": series["visits"][2]["id"],
        "starts_at": "2026-12-09T11:00:00+02:00",
    }
    path = f"/series/{series['id']}/reschedule"
    preview = desk.post(f"{path}?preview=1", move).get_json()
    assert preview["series"] is None
    assert [each["local"] for each in preview["occurrences"]][:2] == ["2026-12-09T11:00", "2026-12-16T11:00"]
    response = desk.post(path, move)
    assert response.status_code == 200, response.get_json()
    found = [visit["local"] for visit in response.get_json()["series"]["visits"]]
    assert found[:3] == ["2026-11-24T10:00", "2026-12-01T10:00", "2026-12-09T11:00"]
    assert {local[11:] for local in found[2:]} == {"11:00"}
    assert letters(world) == ["series.booked", "series.moved"]


@pytest.mark.parametrize("days", [7, -7])
def test_all_visits_move_onto_each_others_places(world: World, desk: Browser, days: int) -> None:
    """A week on or back, every visit goes where its neighbour was."""
    series = booked(desk, weekly(world, starts_at="2026-12-01T10:00:00+02:00"))
    day = 1 + days if days > 0 else 24
    month = 12 if days > 0 else 11
    starts_at = f"2026-{month}-{day:02d}T10:00:00+02:00"
    move = {"scope": "all", "from": series["visits"][0]["id"], "starts_at": starts_at}
    response = desk.post(f"/series/{series['id']}/reschedule", move)
    assert response.status_code == 200, response.get_json()
    assert response.get_json()["series"]["visits"][0]["local"] == starts_at[:16]
    assert len({visit["local"] for visit in response.get_json()["series"]["visits"]}) == 8


def test_a_taken_week_keeps_all_where_they_were_or_stays_alone(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    taken_by(world, desk, "2026-12-01T12:00:00+02:00", patient=1, practitioner=0)
    move = {"scope": "all", "from": series["visits"][0]["id"], "starts_at": "2026-11-24T12:00:00+02:00"}
    path = f"/series/{series['id']}/reschedule"
    refused = desk.post(path, move)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "series_clash")
    assert desk.get(f"/series/{series['id']}").get_json()["visits"][0]["local"] == "2026-11-24T10:00"
    moved = desk.post(path, {**move, "policy": "skip"}).get_json()
    found = [visit["local"][11:] for visit in moved["series"]["visits"]]
    assert found == ["12:00", "10:00", *["12:00"] * 6]
    assert [each["fate"] for each in moved["occurrences"]][:3] == ["free", "clash", "free"]


def test_visits_go_over_what_they_meet_where_the_desk_says_why(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world, count=3))
    taken_by(world, desk, "2026-12-01T12:00:00+02:00", patient=1, practitioner=0)
    named, second, _ = (visit["id"] for visit in series["visits"])
    path = f"/series/{series['id']}/reschedule"
    over = {"over": [second], "override": {"reason": "Agreed with both"}}
    move = {"scope": "all", "from": named, "starts_at": "2026-11-24T12:00:00+02:00", **over}
    therapist = world.browser(world.diary.therapist_actors[0])
    assert therapist.post(path, move).status_code == 403
    refused = desk.post(path, {**move, "override": None})
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"override"})
    foreign = desk.post(path, {**move, "scope": "this"})
    assert (foreign.status_code, set(foreign.get_json()["errors"])) == (422, {"over"})
    moved = desk.post(path, move).get_json()["series"]["visits"]
    assert [visit["local"][11:] for visit in moved] == ["12:00"] * 3
    assert [visit["overbooked"] for visit in moved] == [False, True, False]
    assert desk.get(f"/appointments/{second}").get_json()["override_reason"] == "Agreed with both"
    back = {"scope": "this", "from": second, "starts_at": "2026-12-01T10:00:00+02:00"}
    assert desk.post(path, back).status_code == 200
    plain = desk.get(f"/appointments/{second}").get_json()
    assert (plain["overbooked"], plain["override_reason"]) == (False, None)


def test_a_visit_that_a_colleague_takes_stays_with_them(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world, count=3))
    path, first = f"/series/{series['id']}/reschedule", series["visits"][0]
    colleague = str(world.diary.practitioners[1])
    stands_in = {
        "scope": "this",
        "from": first["id"],
        "starts_at": first["starts_at"],
        "practitioner": colleague,
    }
    assert desk.post(path, stands_in).status_code == 200
    later = {"scope": "all", "from": series["visits"][1]["id"], "starts_at": "2026-12-01T11:00:00+02:00"}
    preview = desk.post(f"{path}?preview=1", later).get_json()["occurrences"]
    assert [each["fate"] for each in preview] == ["free"] * 3
    moved = desk.post(path, later).get_json()["series"]
    own = str(world.diary.practitioners[0])
    assert [visit["practitioner"] for visit in moved["visits"]] == [colleague, own, own]
    assert ([visit["local"][11:] for visit in moved["visits"]], moved["practitioner"]) == (["11:00"] * 3, own)


def test_one_visit_moves_as_any_visit_does(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    move = {"scope": "this", "from": series["visits"][1]["id"], "starts_at": "2026-12-02T10:00:00+02:00"}
    assert desk.post(f"/series/{series['id']}/reschedule", move).status_code == 200
    assert letters(world) == ["series.booked", "appointment.moved"]


def test_calls_off_this_following_or_all(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    path, visits = f"/series/{series['id']}/cancel", series["visits"]
    preview = desk.post(f"{path}?preview=1", {"scope": "following", "from": visits[5]["id"]}).get_json()
    assert [visit["id"] for visit in preview["visits"]] == [visit["id"] for visit in visits[5:]]
    assert desk.post(path, {"scope": "this", "from": visits[0]["id"]}).status_code == 200
    assert desk.post(path, {"scope": "following", "from": visits[5]["id"]}).status_code == 200
    left = desk.post(path, {"scope": "all", "reason": "Moved abroad"}).get_json()
    assert len(left["visits"]) == 4
    assert {visit["status"] for visit in left["series"]["visits"]} == {"cancelled"}
    assert letters(world) == [
        "series.booked",
        "appointment.cancelled",
        "series.cancelled",
        "series.cancelled",
    ]
    over = desk.post(path, {"scope": "all"})
    assert (over.status_code, over.get_json()["code"]) == (409, "not_open")


def test_a_change_names_the_version_that_it_was_made_on(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    path = f"/series/{series['id']}/cancel"
    etag = desk.get(f"/series/{series['id']}").headers["ETag"]
    this = {"scope": "this", "from": series["visits"][0]["id"]}
    assert desk.post(path, this, **{"If-Match": etag}).status_code == 200
    late = desk.post(path, {"scope": "all"}, **{"If-Match": etag})
    assert (late.status_code, late.get_json()["code"]) == (412, "series_changed")
    assert desk.post(path, {"scope": "all"}, **{"If-Match": "x"}).status_code == 422


@pytest.mark.parametrize(
    "part", [{"scope": "this"}, {"scope": "following"}, {"scope": "this", "from": str(new_id())}]
)
def test_a_part_names_a_visit_of_the_series(world: World, desk: Browser, part: dict[str, str]) -> None:
    series = booked(desk, weekly(world))
    response = desk.post(f"/series/{series['id']}/cancel", part)
    assert (response.status_code, set(response.get_json()["errors"])) == (422, {"from"})


def test_what_has_been_held_stays_as_it_was(world: World, desk: Browser) -> None:
    series = booked(desk, weekly(world))
    world.parts.clock.advance(timedelta(days=10))  # type: ignore[attr-defined]  # the tests' clock
    left = world.browser(world.diary.desk).post(f"/series/{series['id']}/cancel", {"scope": "all"})
    statuses = [visit["status"] for visit in left.get_json()["series"]["visits"]]
    assert statuses == ["booked", "booked", *["cancelled"] * 6]


def test_a_patients_own_booking_never_lands_on_a_series(world: World, desk: Browser) -> None:
    booked(desk, weekly(world))
    body = wish(world.slots()[0], starts_at="2026-11-24T10:00:00+02:00")
    body["practitioner"] = str(world.diary.practitioners[0])
    patient = world.browser(world.diary.patient_actors[1])
    assert patient.post("/appointments", body).get_json()["code"] == "slot_taken"
