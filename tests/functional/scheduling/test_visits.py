"""Visits over HTTP: from the free time to the check-in, and who may do what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.db.transaction import snapshot
from clinic.ids import new_id
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import World, wish


def test_a_patient_holds_books_reads_and_cancels(world: World) -> None:
    patient, slot = world.browser(world.diary.patient_actors[0]), world.slots()[-1]
    held = patient.post("/holds", wish(slot))
    assert (held.get_json()["site"], held.get_json()["site_name"]) == (slot["site"], "Jerusalem")
    assert held.status_code == 201
    assert held.get_json()["expires_at"] == "2026-11-22T09:10:00+00:00"
    booked = patient.post("/appointments", wish(slot, hold=held.get_json()["id"], reason="Sleep"))
    assert booked.status_code == 201
    visit = booked.get_json()
    assert visit["status"] == "booked"
    assert visit["service_name"] == "Follow-up"
    assert visit["patient_name"] == "Samar Haddad"
    assert visit["local"] == slot["local"]
    assert (visit["may_join"], visit["version"]) == (False, 1)
    whole: dict[str, object] = {"reason": "Sleep", "override_reason": None, "participants": []}
    assert patient.get(f"/appointments/{visit['id']}").get_json() == {**visit, **whole}
    assert [item["id"] for item in patient.get("/appointments").get_json()["items"]] == [visit["id"]]


def test_a_taken_time_is_a_conflict_with_three_others(world: World) -> None:
    first, second = (world.browser(actor) for actor in world.diary.patient_actors)
    slot = world.slots()[0]
    assert first.post("/appointments", wish(slot)).status_code == 201
    refused = second.post("/appointments", wish(slot))
    assert refused.status_code == 409
    problem = refused.get_json()
    assert problem["code"] == "slot_taken"
    assert len(problem["alternatives"]) == 3
    assert set(problem["alternatives"][0]) == set(slot)
    assert second.post("/appointments", wish(problem["alternatives"][0])).status_code == 201


def test_the_same_key_books_once_and_another_payload_is_refused(world: World) -> None:
    patient, slots = world.browser(world.diary.patient_actors[0]), world.slots()
    key = {"Idempotency-Key": "a-key"}
    first = patient.post("/appointments", wish(slots[0]), **key)
    again = patient.post("/appointments", wish(slots[0]), **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json()["id"] == again.get_json()["id"]
    other = patient.post("/appointments", wish(slots[2]), **key)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_mismatch")
    held = patient.post("/holds", wish(slots[2]), **{"Idempotency-Key": "b-key"})
    assert (
        patient.post("/holds", wish(slots[2]), **{"Idempotency-Key": "b-key"}).get_json() == held.get_json()
    )


def test_a_hold_is_given_up(world: World) -> None:
    patient, slot = world.browser(world.diary.patient_actors[0]), world.slots()[0]
    held = patient.post("/holds", wish(slot)).get_json()
    assert patient.delete(f"/holds/{held['id']}").status_code == 204
    assert patient.delete(f"/holds/{held['id']}").status_code == 404
    assert world.slots()[0] == slot


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"starts_at": "2026-11-22T11:00:00"}, "invalid", "starts_at"),
        ({"starts_at": "2026-11-22T11:30:00+00:00"}, "slot_not_offered", "starts_at"),
        ({"starts_at": "2026-11-22T03:00:00+00:00"}, "slot_not_offered", "starts_at"),
        ({"modality": "letter"}, "invalid", "modality"),
        ({"practitioner": None}, "invalid", "practitioner"),
        ({"status": "fulfilled"}, "invalid", "status"),
        ({"reason": "x" * 501}, "invalid", "reason"),
        ({"service": str(new_id())}, "invalid", "service"),
    ],
)
def test_bad_input_is_refused_by_field(
    world: World, change: dict[str, object], code: str, field: str
) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    refused = patient.post("/appointments", wish(world.slots()[0], **change))
    assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert list(refused.get_json()["errors"]) == [field]


def test_the_desk_books_moves_and_checks_in_for_a_patient(world: World, clock: FakeClock) -> None:
    desk, slots = world.browser(world.diary.desk), world.slots()
    missing = desk.post("/appointments", wish(slots[0]))
    assert list(missing.get_json()["errors"]) == ["patient"]
    unknown = desk.post("/appointments", wish(slots[0], patient=str(new_id())))
    assert (unknown.status_code, list(unknown.get_json()["errors"])) == (422, ["patient"])
    visit = desk.post("/appointments", wish(slots[0], patient=str(world.diary.patients[0]))).get_json()
    later = next(item for item in slots if item["starts_at"] > slots[0]["starts_at"])
    moved = desk.post(
        f"/appointments/{visit['id']}/reschedule",
        {"starts_at": later["starts_at"], "practitioner": later["practitioner"]},
    )
    assert (moved.status_code, moved.get_json()["version"]) == (200, 2)
    early = desk.post(f"/appointments/{visit['id']}/check-in")
    assert (early.status_code, early.get_json()["code"]) == (409, "not_now")
    clock.advance(timedelta(hours=3))
    desk = world.browser(world.diary.desk)
    arrived = desk.post(f"/appointments/{visit['id']}/check-in").get_json()
    assert (arrived["status"], arrived["checked_in_at"]) == ("arrived", "2026-11-22T12:00:00+00:00")
    gone = desk.post(f"/appointments/{visit['id']}/no-show").get_json()
    assert gone["status"] == "noshow"


def test_a_visit_moves_to_a_wall_time_that_the_server_reads(world: World) -> None:
    desk, (first, *rest) = world.browser(world.diary.desk), world.slots()
    visit = desk.post("/appointments", wish(first, patient=str(world.diary.patients[0]))).get_json()
    path, same = f"/appointments/{visit['id']}/reschedule", first["practitioner"]
    later = next(item for item in rest if item["practitioner"] == same)
    moved = desk.post(path, {"local": later["local"], "tz": later["tz"]})
    assert (moved.status_code, moved.get_json()["starts_at"]) == (200, later["starts_at"])
    skipped = desk.post(path, {"local": "2027-03-26T02:30", "tz": "Asia/Jerusalem"})
    assert (skipped.status_code, skipped.get_json()["code"]) == (422, "time_skipped")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "starts_at"),
        ({"starts_at": "2026-11-23T09:00:00Z", "local": "2026-11-23T09:00", "tz": "UTC"}, "starts_at"),
        ({"local": "2026-11-23T09:00"}, "tz"),
        ({"starts_at": "2026-11-23T09:00:00Z", "tz": "UTC"}, "tz"),
        ({"local": "2026-11-23T09:00", "tz": "Mars/Olympus"}, "tz"),
        ({"local": "1926-11-23T09:00", "tz": "UTC"}, "local"),
    ],
)
def test_a_move_says_once_where_to(world: World, body: dict[str, str], field: str) -> None:
    desk, slot = world.browser(world.diary.desk), world.slots()[0]
    visit = desk.post("/appointments", wish(slot, patient=str(world.diary.patients[0]))).get_json()
    refused = desk.post(f"/appointments/{visit['id']}/reschedule", body)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])


def test_the_room_is_open_to_its_two_people_only(world: World, clock: FakeClock) -> None:
    patient, slot = world.diary.patient_actors[0], world.slots()[0]
    visit = world.browser(patient).post("/appointments", wish(slot)).get_json()
    assert visit["room_opens_at"] == "2026-11-22T10:45:00+00:00"
    clock.advance(timedelta(hours=1, minutes=45))
    therapist = next(
        actor for actor in world.diary.therapist_actors if str(actor.practitioner_id) == slot["practitioner"]
    )
    for actor, allowed in ((patient, True), (therapist, True), (world.diary.desk, False)):
        browser = world.browser(actor)
        assert browser.get(f"/appointments/{visit['id']}").get_json()["may_join"] is allowed


def test_the_reason_is_in_no_list_and_closes_to_the_practitioner_whom_the_patient_keeps_out(
    world: World,
) -> None:
    patient, slot = world.browser(world.diary.patient_actors[0]), world.slots()[0]
    visit = patient.post("/appointments", wish(slot, reason="I cannot sleep")).get_json()
    therapist = world.browser(
        next(one for one in world.diary.therapist_actors if str(one.practitioner_id) == slot["practitioner"])
    )
    page = {"from": "2026-11-22T00:00:00Z", "to": "2026-11-29T00:00:00Z"}
    for browser in (patient, therapist, world.browser(world.diary.desk)):
        for items in (browser.get("/appointments"), browser.get("/calendar", **page)):
            assert "cannot sleep" not in items.get_data(as_text=True)
    one = f"/appointments/{visit['id']}"

    def seen() -> list[str | None]:
        return [
            who.get(one).get_json()["reason"] for who in (patient, therapist, world.browser(world.diary.desk))
        ]

    assert seen() == ["I cannot sleep", "I cannot sleep", None]
    kept_out = {"practitioner": slot["practitioner"], "effect": "deny"}
    assert patient.post(f"/patients/{world.diary.patients[0]}/consents", kept_out).status_code == 201
    assert seen() == ["I cannot sleep", None, None]
    with snapshot(world.parts.database) as session:
        asked = session.scalars(
            select(AuditEntry.outcome).where(AuditEntry.action == "appointment.read_reason")
        ).all()
    assert sorted(asked) == ["allowed", "refused"]


def test_late_cancelling_is_for_the_clinic(world: World) -> None:
    patient, slot = world.browser(world.diary.patient_actors[0]), world.slots()[0]
    visit = patient.post("/appointments", wish(slot)).get_json()
    assert visit["may_cancel"] is False
    refused = patient.post(f"/appointments/{visit['id']}/cancel", {"reason": "Travelling"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too_late")
    desk = world.browser(world.diary.desk)
    cancelled = desk.post(f"/appointments/{visit['id']}/cancel")
    assert (cancelled.status_code, cancelled.get_json()["status"]) == (200, "cancelled")
    assert world.slots()[0]["starts_at"] == slot["starts_at"]


def test_a_stranger_and_nobody_get_the_same_nothing(world: World) -> None:
    first, second = (world.browser(actor) for actor in world.diary.patient_actors)
    visit = first.post("/appointments", wish(world.slots()[0])).get_json()
    for path in (f"/appointments/{visit['id']}", f"/appointments/{new_id()}"):
        answer = second.get(path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert second.post(f"/appointments/{visit['id']}/cancel").status_code == 404
    assert second.get("/appointments").get_json()["items"] == []
    assert world.browser().get(f"/appointments/{visit['id']}").status_code == 401
    assert world.browser().post("/appointments", wish(world.slots()[0])).status_code == 401


def test_what_staff_read_is_in_the_log_and_what_patients_read_is_not(world: World) -> None:
    patient, desk = world.browser(world.diary.patient_actors[0]), world.browser(world.diary.desk)
    visit = patient.post("/appointments", wish(world.slots()[0])).get_json()
    patient.get(f"/appointments/{visit['id']}")
    patient.get("/appointments")
    desk.get(f"/appointments/{visit['id']}")
    desk.get("/appointments")
    with snapshot(world.parts.database) as session:
        read = session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action.in_(["appointment.read", "appointment.list"]))
        ).all()
    assert read == [world.diary.desk.account_id] * 2


def test_pages_of_visits_follow_time(world: World) -> None:
    desk = world.browser(world.diary.desk)
    slots = world.slots(practitioner=world.diary.practitioners[0], limit=4)
    for slot in slots:
        desk.post("/appointments", wish(slot, patient=str(world.diary.patients[0])))
    page = desk.get("/appointments", limit=3).get_json()
    rest = desk.get("/appointments", limit=3, cursor=page["next"]).get_json()
    starts = [item["starts_at"] for item in page["items"] + rest["items"]]
    assert starts == [slot["starts_at"] for slot in slots]
    inside = desk.get("/appointments", **{"from": starts[1], "to": starts[3]}).get_json()["items"]
    assert [item["starts_at"] for item in inside] == starts[1:3]
    for other in ({"practitioner": world.diary.practitioners[1]}, {"patient": world.diary.patients[1]}):
        assert desk.get("/appointments", **other).get_json()["items"] == []
    assert len(desk.get("/appointments", patient=world.diary.patients[0]).get_json()["items"]) == 4
