"""A group's session: seats, a queue that moves up, who came; nobody learns who else is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import Patient
from clinic.ids import new_id
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.models import OutboxMessage
from clinic.scheduling.models import Service
from clinic.scheduling.rules.booking import BookingRule
from clinic.vault import Vault
from tests.factories.groups import TUESDAY, WEDNESDAY, add_group_service, group_body
from tests.functional.scheduling.conftest import Browser, World, collect

NOBODY = str(new_id())


@pytest.fixture
def desk(world: World) -> Browser:
    """Reception."""
    return world.browser(world.diary.desk)


@pytest.fixture
def service(world: World, vault: Vault) -> str:
    """A group of two seats that patients may join."""
    return str(add_group_service(world.parts.database, vault, world.diary, seats=2))


@pytest.fixture
def group(world: World, desk: Browser, service: str) -> dict[str, Any]:
    """The Tuesday's session."""
    return planned(world, desk, service)


def planned(world: World, desk: Browser, service: str, **more: object) -> dict[str, Any]:
    response = desk.post("/groups", group_body(world.diary, service, **more))
    assert response.status_code == 201, response.get_json()
    found: dict[str, Any] = response.get_json()
    return found


def third(world: World, vault: Vault) -> str:
    """Register one more person."""
    desk = world.browser(world.diary.desk)
    made = desk.post("/patients", {"name": "Third Person", "language": "en"})
    assert made.status_code == 201, made.get_json()
    return str(made.get_json()["id"])


def seats(group: Mapping[str, Any]) -> dict[str, str]:
    return {member["patient"]: member["status"] for member in group["members"]}


def letters(world: World) -> list[str]:
    """Return the kinds of letters that were queued, reminders aside."""
    chosen = select(OutboxMessage.kind).where(OutboxMessage.kind.not_like("%.reminder"))
    with snapshot(world.parts.database) as session:
        return list(session.scalars(chosen.order_by(OutboxMessage.created_at)))


def test_a_session_takes_the_practitioners_time(world: World, desk: Browser, group: dict[str, Any]) -> None:
    assert (group["capacity"], group["taken"], group["waiting"], group["members"]) == (2, 0, 0, [])
    assert (group["site"], group["site_name"]) == (str(world.diary.site), "Jerusalem")
    assert TUESDAY[:16] not in {
        slot["local"] for slot in world.slots(practitioner=world.diary.practitioners[0], limit=50)
    }
    again = desk.post("/groups", group_body(world.diary, group["service"]))
    assert (again.status_code, again.get_json()["code"]) == (409, "slot_taken")
    assert len(again.get_json()["alternatives"]) == 3


def test_nobody_books_a_group_as_a_visit(world: World, desk: Browser, service: str) -> None:
    listed = world.browser().get("/services").get_json()["items"]
    assert service not in {each["id"] for each in listed}
    (offered,) = world.browser().get("/services", groups=1).get_json()["items"]
    assert (offered["id"], offered["seats"], offered["joinable"]) == (service, 2, True)
    assert world.browser().get("/slots", service=service).get_json()["items"] == []
    body = {**group_body(world.diary, service), "patient": str(world.diary.patients[0])}
    assert desk.post("/appointments", body).status_code == 422
    series = desk.post("/series", {**body, "rhythm": "weekly", "count": 2})
    assert set(series.get_json()["errors"]) == {"service"}
    alone = group_body(world.diary, world.diary.service)
    assert set(desk.post("/groups", alone).get_json()["errors"]) == {"service"}


def test_seats_are_taken_once_and_counted(world: World, desk: Browser, group: dict[str, Any]) -> None:
    path = f"/groups/{group['id']}/seats"
    patient = world.browser(world.diary.patient_actors[0])
    joined = patient.post(path)
    assert (joined.status_code, joined.get_json()["seat"], joined.get_json()["taken"]) == (201, "booked", 1)
    assert patient.post(path).get_json()["code"] == "already_seated"
    given = desk.post(path, {"patient": str(world.diary.patients[1])})
    assert seats(given.get_json()) == {str(who): "booked" for who in world.diary.patients}
    assert letters(world) == ["seat.booked", "seat.booked"]


def test_who_waits_longest_moves_up(world: World, vault: Vault, desk: Browser, group: dict[str, Any]) -> None:
    path, extra = f"/groups/{group['id']}/seats", third(world, vault)
    desk = world.browser(world.diary.desk)
    first, second = map(str, world.diary.patients)
    for patient in (first, second):
        desk.post(path, {"patient": patient})
    full = desk.post(path, {"patient": extra})
    assert (full.status_code, full.get_json()["code"]) == (409, "group_full")
    waits = desk.post(path, {"patient": extra, "wait": True}).get_json()
    assert (waits["taken"], waits["waiting"], seats(waits)[extra]) == (2, 1, "waiting")
    assert desk.post(path, {"patient": extra, "wait": True}).get_json()["code"] == "already_seated"
    assert desk.delete(f"{path}/{first}").status_code == 204
    after = desk.get(f"/groups/{group['id']}").get_json()
    assert (after["taken"], after["waiting"]) == (2, 0)
    assert seats(after) == {first: "cancelled", second: "booked", extra: "booked"}
    assert sorted(letters(world)) == ["seat.booked", "seat.booked", "seat.cancelled", "seat.moved_up"]
    assert desk.delete(f"{path}/{first}").status_code == 404
    assert desk.delete(f"{path}/{second}").status_code == 204
    assert desk.get(f"/groups/{group['id']}").get_json()["taken"] == 1
    assert desk.post(path, {"patient": first}).status_code == 201


def test_who_has_another_visit_by_then_does_not_move_up(
    world: World, vault: Vault, group: dict[str, Any]
) -> None:
    path, extra = f"/groups/{group['id']}/seats", third(world, vault)
    desk = world.browser(world.diary.desk)
    first, second = map(str, world.diary.patients)
    for patient in (second, first, extra):
        desk.post(path, {"patient": patient, "wait": True})
    visit = {
        "service": str(world.diary.service),
        "practitioner": str(world.diary.practitioners[1]),
        "starts_at": TUESDAY,
        "modality": "video",
        "patient": extra,
    }
    assert desk.post("/appointments", visit).status_code == 201
    assert desk.delete(f"{path}/{first}").status_code == 204
    after = desk.get(f"/groups/{group['id']}").get_json()
    assert (after["taken"], seats(after)[extra]) == (1, "waiting")


def test_a_member_is_in_one_place(world: World, desk: Browser, group: dict[str, Any], service: str) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    assert patient.post(f"/groups/{group['id']}/seats").status_code == 201
    visit = {
        "service": str(world.diary.service),
        "practitioner": str(world.diary.practitioners[1]),
        "starts_at": TUESDAY,
        "modality": "video",
    }
    assert patient.post("/appointments", visit).get_json()["code"] == "visit_overlap"
    other = planned(world, desk, service, practitioner=str(world.diary.practitioners[1]))
    assert patient.post(f"/groups/{other['id']}/seats").get_json()["code"] == "visit_overlap"
    later = planned(world, desk, service, starts_at=WEDNESDAY)
    assert patient.post("/appointments", {**visit, "starts_at": WEDNESDAY}).status_code == 201
    assert patient.post(f"/groups/{later['id']}/seats").get_json()["code"] == "visit_overlap"


def test_a_session_moves_with_its_members_or_not_at_all(
    world: World, desk: Browser, group: dict[str, Any]
) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    patient.post(f"/groups/{group['id']}/seats")
    visit = {
        "service": str(world.diary.service),
        "practitioner": str(world.diary.practitioners[1]),
        "starts_at": WEDNESDAY,
        "modality": "video",
    }
    booked = patient.post("/appointments", visit).get_json()
    path = f"/groups/{group['id']}/reschedule"
    refused = desk.post(path, {"starts_at": WEDNESDAY})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "visit_overlap")
    patient.post(f"/appointments/{booked['id']}/cancel")
    moved = desk.post(path, {"starts_at": WEDNESDAY})
    assert (moved.status_code, moved.get_json()["local"]) == (200, WEDNESDAY[:16])
    assert patient.post("/appointments", visit).get_json()["code"] == "visit_overlap"
    assert patient.post("/appointments", {**visit, "starts_at": TUESDAY}).status_code == 201
    assert "seat.moved" in letters(world)


def test_a_session_called_off_frees_everybody(
    world: World, desk: Browser, service: str, channel: MemoryChannel
) -> None:
    group = planned(world, desk, service, capacity=1)
    sits, waits = map(world.browser, world.diary.patient_actors)
    for patient in (sits, waits):
        patient.post(f"/groups/{group['id']}/seats", {"wait": True})
    collect(world, channel)
    off = desk.post(f"/groups/{group['id']}/cancel").get_json()
    assert (off["status"], off["taken"], set(seats(off).values())) == ("cancelled", 0, {"cancelled"})
    assert sorted(letters(world)) == ["seat.booked", "seat.called_off", "seat.cancelled"]
    told = {address.split("@")[0]: letter for address, letter in collect(world, channel)}
    seated, waiting = (told[str(patient)] for patient in world.diary.patients)
    assert ("is cancelled" in seated.text, seated.calendar is None) == (True, False)
    assert ("for which you were waiting" in waiting.text, waiting.calendar) == (True, None)
    assert sits.post(f"/groups/{group['id']}/seats").get_json()["code"] == "seats_closed"
    planned(world, desk, group["service"])


def test_the_desk_changes_what_it_has_seen(world: World, desk: Browser, group: dict[str, Any]) -> None:
    path = f"/groups/{group['id']}"
    for patient in world.diary.patients:
        desk.post(f"{path}/seats", {"patient": str(patient)})
    seen = desk.get(path).headers["ETag"]
    fewer = desk.patch(path, {"capacity": 1}, **{"If-Match": seen})
    assert (fewer.status_code, fewer.get_json()["errors"]) == (422, {"capacity": ["At least 2."]})
    more = desk.patch(path, {"capacity": 3}, **{"If-Match": seen})
    assert (more.status_code, more.get_json()["capacity"], more.get_json()["taken"]) == (200, 3, 2)
    for act, body in (("reschedule", {"starts_at": WEDNESDAY}), ("cancel", {})):
        stale = desk.post(f"{path}/{act}", body, **{"If-Match": seen})
        assert (stale.status_code, stale.get_json()["code"]) == (412, "appointment_changed")
    key = {"If-Match": more.headers["ETag"], "Idempotency-Key": "move"}
    for _ in range(2):  # the answer to the first was lost
        assert desk.post(f"{path}/reschedule", {"starts_at": WEDNESDAY}, **key).status_code == 200
    assert letters(world).count("seat.moved") == 2
    member = world.browser(world.diary.patient_actors[0])
    assert member.patch(path, {"capacity": 9}).status_code == 404


def test_who_came_is_noted_for_each(world: World, desk: Browser, group: dict[str, Any]) -> None:
    path = f"/groups/{group['id']}/seats"
    first, second = map(str, world.diary.patients)
    for patient in (first, second):
        desk.post(path, {"patient": patient})
    early = desk.post(f"{path}/{first}/attendance", {"status": "attended"})
    assert (early.status_code, early.get_json()["code"]) == (409, "not_now")
    world.parts.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]  # the tests' clock
    therapist = world.browser(world.diary.therapist_actors[0])
    therapist.post(f"{path}/{first}/attendance", {"status": "attended"})
    done = therapist.post(f"{path}/{second}/attendance", {"status": "missed"}).get_json()
    assert seats(done) == {first: "attended", second: "missed"}
    assert (done["taken"], done["status"]) == (2, "arrived")
    back = therapist.post(f"{path}/{second}/attendance", {"status": "booked"}).get_json()
    assert seats(back)[second] == "booked"
    assert therapist.post(f"{path}/{NOBODY}/attendance", {"status": "missed"}).status_code == 404
    assert therapist.post(f"{path}/{first}/attendance", {"status": "cancelled"}).status_code == 422


def test_no_member_learns_of_another(world: World, desk: Browser, group: dict[str, Any]) -> None:
    path = f"/groups/{group['id']}"
    for patient in world.diary.patients:
        desk.post(f"{path}/seats", {"patient": str(patient)})
    with snapshot(world.parts.database) as session:
        names = [
            world.parts.vault.fields.open(row.id, "patient.name", row.name_sealed)
            for row in session.scalars(select(Patient))
        ]
    first, second = world.diary.patient_actors
    member = world.browser(first)
    answers = [
        member.get(path),
        member.get("/groups"),
        member.get("/groups", mine=1),
        member.get("/appointments"),
        member.delete(f"{path}/seats/{second.patient_id}"),
        member.post(f"{path}/seats/{second.patient_id}/attendance", {"status": "missed"}),
    ]
    told = json.dumps([each.get_json() for each in answers])
    assert not any(name in told for name in names)
    assert str(second.patient_id) not in told
    assert [each.status_code for each in answers[4:]] == [404, 404]
    assert answers[0].get_json()["members"] is None
    assert desk.get(path).get_json()["taken"] == 2


def test_the_clinic_may_keep_the_seats_to_itself(world: World, vault: Vault, desk: Browser) -> None:
    closed = str(add_group_service(world.parts.database, vault, world.diary, joinable=False))
    group = planned(world, desk, closed)
    patient = world.browser(world.diary.patient_actors[0])
    assert patient.get("/groups").get_json()["items"] == []
    assert patient.get(f"/groups/{group['id']}").status_code == 404
    refused = patient.post(f"/groups/{group['id']}/seats")
    assert refused.status_code in {403, 404}
    given = desk.post(f"/groups/{group['id']}/seats", {"patient": str(world.diary.patients[0])})
    assert given.status_code == 201
    (mine,) = patient.get("/groups", mine=1).get_json()["items"]
    assert (mine["id"], mine["seat"], mine["may"]["leave"]) == (group["id"], "booked", True)


@pytest.mark.parametrize(
    ("rule", "code"), [(BookingRule.STAFF, "booked_by_staff"), (BookingRule.REFERRAL, "referral_needed")]
)
def test_a_seat_is_taken_by_whom_the_service_is_open_to(
    world: World, group: dict[str, Any], rule: BookingRule, code: str
) -> None:
    with transaction(world.parts.database) as session:
        session.execute(update(Service).values(booking_rule=rule))
    refused = world.browser(world.diary.patient_actors[0]).post(f"/groups/{group['id']}/seats")
    assert (refused.status_code, refused.get_json()["code"]) == (403, code)


def test_other_peoples_groups_are_absent(world: World, group: dict[str, Any]) -> None:
    path = f"/groups/{group['id']}"
    stranger = world.browser(world.diary.therapist_actors[1])
    assert stranger.get(path).status_code == 404
    assert stranger.get("/groups").get_json()["items"] == []
    assert stranger.post(f"{path}/cancel").status_code == 404
    seat = {"patient": str(world.diary.patients[0])}
    assert stranger.post(f"{path}/seats", seat).status_code == 404
    other = group_body(world.diary, group["service"])
    assert stranger.post("/groups", other).status_code == 403
    patient = world.browser(world.diary.patient_actors[0])
    assert patient.post("/groups", other).status_code == 404
    assert patient.post(f"{path}/cancel").status_code == 404
    assert world.browser().get("/groups").status_code == 401
    assert patient.get(f"/appointments/{group['id']}").status_code == 404


def test_a_patient_gives_up_in_time_and_the_desk_at_any_time(
    world: World, desk: Browser, group: dict[str, Any]
) -> None:
    path = f"/groups/{group['id']}/seats"
    patient = world.browser(world.diary.patient_actors[0])
    own = f"{path}/{world.diary.patients[0]}"
    patient.post(path)
    assert patient.delete(own).status_code == 204
    assert patient.post(path).status_code == 201
    world.parts.clock.advance(timedelta(hours=40))  # type: ignore[attr-defined]  # the tests' clock
    patient = world.browser(world.diary.patient_actors[0])
    late = patient.delete(own)
    assert (late.status_code, late.get_json()["code"]) == (409, "too_late")
    assert world.browser(world.diary.desk).delete(own).status_code == 204


def test_a_group_meets_every_week(world: World, desk: Browser, service: str) -> None:
    body = group_body(world.diary, service, rhythm="weekly", count=6)
    preview = desk.post("/groups?preview=1", body)
    assert [each["fate"] for each in preview.get_json()["occurrences"]] == ["free"] * 6
    first = planned(world, desk, service, rhythm="weekly", count=6)
    found = desk.get("/groups", series=first["series_id"]).get_json()["items"]
    assert [each["local"][11:] for each in found] == ["10:00"] * 6
    assert found[0]["id"] == first["id"]
    member = world.browser(world.diary.patient_actors[0])
    for each in (found[0], found[-1]):
        assert member.post(f"/groups/{each['id']}/seats").status_code == 201
    near = member.get("/groups", mine=1, limit=1).get_json()
    far = member.get("/groups", mine=1, limit=1, cursor=near["next"]).get_json()
    assert [one["items"][0]["id"] for one in (near, far)] == [found[0]["id"], found[-1]["id"]]
    assert far["next"] is None
    clash = desk.post("/groups", body)
    assert (clash.status_code, clash.get_json()["code"]) == (409, "series_clash")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"capacity": 0}, "capacity"),
        ({"capacity": 51}, "capacity"),
        ({"count": 3}, "rhythm"),
        ({"rhythm": "weekly", "count": 10_000}, "count"),
        ({"starts_at": "2026-11-24T10:00:00"}, "starts_at"),
        ({"starts_at": "2026-11-27T10:00:00+02:00"}, "starts_at"),
    ],
)
def test_refuses_by_field(
    world: World, desk: Browser, service: str, change: dict[str, object], field: str
) -> None:
    response = desk.post("/groups", group_body(world.diary, service, **change))
    assert (response.status_code, set(response.get_json()["errors"])) == (422, {field})


def test_the_same_key_is_one_session_and_one_seat(world: World, desk: Browser, service: str) -> None:
    body = group_body(world.diary, service)
    first, again = (desk.post("/groups", body, **{"Idempotency-Key": "plan"}) for _ in range(2))
    assert first.get_json()["id"] == again.get_json()["id"]
    path, seat = f"/groups/{first.get_json()['id']}/seats", {"patient": str(world.diary.patients[0])}
    for _ in range(2):
        taken = desk.post(path, seat, **{"Idempotency-Key": "seat"})
        assert (taken.status_code, taken.get_json()["taken"]) == (201, 1)
