"""The desk's day over HTTP: who is due, late or missing, and what is decided about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.access.actor import SYSTEM
from clinic.audit.models import AuditEntry
from clinic.db.transaction import snapshot, transaction
from clinic.ids import AppointmentId
from clinic.scheduling.models import Absence
from clinic.scheduling.queries import arrivals
from clinic.scheduling.services import attendance
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import World, wish


def _booked(world: World, number: int = 0) -> dict[str, Any]:
    slot = world.slots(practitioner=world.diary.practitioners[0])[number]
    made = world.browser(world.diary.desk).post(
        "/appointments", wish(slot, patient=str(world.diary.patients[number]))
    )
    assert made.status_code == 201
    visit: dict[str, Any] = made.get_json()
    return visit


def _go_to(clock: FakeClock, visit: dict[str, Any], minutes: int) -> None:
    clock.advance(datetime.fromisoformat(visit["starts_at"]) + timedelta(minutes=minutes) - clock.now())


def _arrivals(world: World) -> dict[str, dict[str, Any]]:
    found = world.browser(world.diary.desk).get("/arrivals")
    assert found.status_code == 200
    return {item["visit"]["id"]: item for item in found.get_json()["items"]}


def test_a_visit_becomes_due_then_late_then_a_question(world: World, clock: FakeClock) -> None:
    visit = _booked(world)
    seen = []
    for minutes in (-30, 5, 20):
        _go_to(clock, visit, minutes)
        one = _arrivals(world)[visit["id"]]
        seen.append((one["standing"], one["minutes"]))
    assert seen == [("due", 30), ("late", 5), ("absent", 20)]
    status = world.browser(world.diary.desk).get(f"/appointments/{visit['id']}").get_json()["status"]
    assert status == "booked"  # proposed, never noted by itself


def test_the_desk_notes_an_absence_with_its_reason(world: World, clock: FakeClock) -> None:
    visit, desk = _booked(world), world.browser(world.diary.desk)
    path = f"/appointments/{visit['id']}/no-show"
    assert desk.post(path, {"reason": "travel"}).get_json()["code"] == "not_now"
    _go_to(clock, visit, 20)
    desk = world.browser(world.diary.desk)  # the session before has gone idle
    assert list(desk.post(path, {"reason": "lazy"}).get_json()["errors"]) == ["reason"]
    assert desk.post(path, {"reason": "travel"}).get_json()["status"] == "noshow"
    one = _arrivals(world)[visit["id"]]
    assert (one["standing"], one["absence"]) == ("missed", "travel")
    assert world.browser(world.diary.desk).post(path, {}).status_code == 409


def test_who_comes_after_all_is_let_in_by_the_desk_while_the_visit_lasts(
    world: World, clock: FakeClock
) -> None:
    visit = _booked(world)
    path = f"/appointments/{visit['id']}"
    _go_to(clock, visit, 20)
    desk, patient = world.browser(world.diary.desk), world.browser(world.diary.patient_actors[0])
    for _ in range(2):  # an absence that is taken back can be noted again
        assert desk.post(f"{path}/no-show", {"reason": "forgot"}).status_code == 200
        assert patient.post(f"{path}/check-in").get_json()["code"] == "not_now"
        assert desk.post(f"{path}/check-in").get_json()["status"] == "arrived"
    one = _arrivals(world)[visit["id"]]
    assert (one["standing"], one["late_by"], one["absence"]) == ("here", 20, None)


def test_a_call_that_no_machine_saw_is_noted_by_staff_as_held(world: World, clock: FakeClock) -> None:
    visit, diary = _booked(world), world.diary
    path = f"/appointments/{visit['id']}/fulfil"
    assert world.browser(diary.desk).post(path).get_json()["code"] == "not_now"
    _go_to(clock, visit, 24 * 60)
    desk = world.browser(diary.desk)
    assert desk.post(f"/appointments/{visit['id']}/no-show", {"reason": "unreached"}).status_code == 200
    assert world.browser(diary.therapist_actors[1]).post(path).status_code == 404
    assert world.browser(diary.patient_actors[0]).post(path).status_code == 404
    for who in (
        diary.therapist_actors[0],
        diary.desk,
    ):  # the absence was wrong; saying so twice is saying so once
        assert world.browser(who).post(path).get_json()["status"] == "fulfilled"
    assert visit["id"] not in _arrivals(world), "settled, and of another day"
    with snapshot(world.parts.database) as session:
        actions = session.scalars(select(AuditEntry.action)).all()
        assert session.get(Absence, UUID(visit["id"])) is None
    assert actions.count("appointment.fulfil") == 1


def test_what_was_seen_in_the_room_speaks_for_the_patient(world: World, clock: FakeClock) -> None:
    visit = _booked(world)
    _go_to(clock, visit, 6)
    with transaction(world.parts.database) as session:
        attendance.record_presence(
            session,
            actor=SYSTEM,
            clock=clock,
            appointment_id=AppointmentId(UUID(visit["id"])),
            who="patient",
            joined_at=clock.now(),
        )
    _go_to(clock, visit, 40)
    one = _arrivals(world)[visit["id"]]
    assert (one["standing"], one["late_by"], one["presence"]["practitioner"]) == ("here", 6, None)
    _go_to(clock, visit, 200)
    assert _arrivals(world)[visit["id"]]["standing"] == "unmet"


def test_visits_that_nobody_settled_stay_a_week_and_hide_nobody_of_today(
    world: World, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = _booked(world)
    _go_to(clock, visit, 3 * 24 * 60)
    assert _arrivals(world)[visit["id"]]["standing"] == "absent"
    today = _booked(world)
    monkeypatch.setattr(arrivals, "MOST_LEFT", 1)
    assert set(_arrivals(world)) == {visit["id"], today["id"]}
    monkeypatch.setattr(arrivals, "MOST_LEFT", 0)
    assert set(_arrivals(world)) == {today["id"]}
    monkeypatch.undo()
    _go_to(clock, visit, 8 * 24 * 60)
    assert visit["id"] not in _arrivals(world)


def test_the_day_is_for_the_desk_alone_and_on_record(world: World) -> None:
    _booked(world)
    diary = world.diary
    assert world.browser(diary.therapist_actors[0]).get("/arrivals").status_code == 403
    assert world.browser(diary.patient_actors[0]).get("/arrivals").status_code == 404
    assert world.browser().get("/arrivals").status_code == 401
    _arrivals(world)
    with snapshot(world.parts.database) as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions.count("arrivals.read") == 1


def test_a_time_that_is_being_confirmed_shows_without_a_name(world: World, clock: FakeClock) -> None:
    diary, week = world.diary, {"from": "2026-11-22", "to": "2026-11-29"}
    slot = world.slots(practitioner=diary.practitioners[0])[0]
    held = world.browser(diary.patient_actors[0]).post("/holds", wish(slot)).get_json()
    desk = world.browser(diary.desk)
    page = desk.get("/calendar", **week).get_json()
    [shown] = page["holds"]
    assert {name: shown[name] for name in ("id", "local", "expires_at")} == {
        "id": held["id"],
        "local": slot["local"],
        "expires_at": held["expires_at"],
    }
    assert not [name for name in shown if "patient" in name]
    assert page["items"] == desk.get("/arrivals").get_json()["items"] == []
    other = desk.get("/calendar", practitioner=diary.practitioners[1], **week)
    assert other.get_json()["holds"] == []
    clock.advance(timedelta(minutes=11))
    assert desk.get("/calendar", **week).get_json()["holds"] == []
