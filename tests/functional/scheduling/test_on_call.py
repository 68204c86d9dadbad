"""The rota and urgent requests over HTTP: who edits and reads, what gaps there are, who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from clinic.db.transaction import transaction
from clinic.notifications import post
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.tasks import send_due
from clinic.scheduling import tasks
from clinic.supervision import doctor
from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.identity import make_patient
from tests.factories.scheduling import TALK, make_diary
from tests.factories.sockets import RoomSocket
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import Browser, World, collect

ZONE = "Asia/Jerusalem"


@pytest.fixture
def world(app: Flask, vault: Vault) -> World:
    """A diary whose one service is an urgent one."""
    parts = app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    return World(app, parts, make_diary(parts.database, vault, new=replace(TALK, kind="urgent")))


@pytest.fixture
def desk(world: World) -> Browser:
    """Reception."""
    return world.browser(world.diary.desk)


def rule(world: World, who: int, weekday: int, start: str, end: str, **more: object) -> dict[str, object]:
    return {
        "practitioner": world.diary.practitioners[who],
        "step": 1,
        "weekday": weekday,
        "start": start,
        "end": end,
        "overnight": end <= start,
        "tz": ZONE,
        "valid_from": "2026-01-01",
        **more,
    }


def rota(*rules: dict[str, object], **more: object) -> dict[str, object]:
    return {"rules": list(rules), "around_the_clock": False, "answer_minutes": 10, **more}


def put(world: World, browser: Browser, body: dict[str, object], version: int = 0) -> Any:
    return browser.put(f"/services/{world.diary.service}/rota", body, **{"If-Match": f'"{version}"'})


def only(browser: Browser, **query: object) -> dict[str, Any]:
    [found] = browser.get("/on-call", **query).get_json()["items"]
    return dict(found)


def test_the_desk_writes_the_rota_and_everybody_at_work_reads_it(world: World, desk: Browser) -> None:
    before = desk.get(f"/services/{world.diary.service}/rota")
    assert (before.get_json()["rules"], before.headers["ETag"]) == ([], '"0"')
    days = [rule(world, 0, day, "08:00", "20:00") for day in range(7)]
    nights = [rule(world, 1, day, "20:00", "08:00") for day in range(7)]
    made = put(world, desk, rota(*days, *nights))
    assert made.status_code == 200, made.get_json()
    assert made.headers["ETag"] == '"1"'
    assert [one["name"] for one in made.get_json()["team"]] == ["Therapist 0", "Therapist 1"]
    assert put(world, desk, rota()).get_json()["code"] == "document_changed"
    therapist = world.browser(world.diary.therapist_actors[0])
    assert put(world, therapist, rota(), 1).status_code == 403
    shown = only(therapist, **{"from": "2026-11-24", "to": "2026-11-26"})
    assert [(one["local"], one["local_end"]) for one in shown["duties"]] == [
        ("2026-11-23T20:00", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-24T20:00"),
        ("2026-11-24T20:00", "2026-11-25T08:00"),
        ("2026-11-25T08:00", "2026-11-25T20:00"),
        ("2026-11-25T20:00", "2026-11-26T08:00"),
    ]
    assert [one["practitioner_name"] for one in shown["now"] + shown["next"]] == [
        "Therapist 0",
        "Therapist 1",
    ]
    assert shown["next_local"][11:] == "20:00"
    assert world.browser(world.diary.patient_actors[0]).get("/on-call").status_code in {403, 404}
    assert world.browser().get("/on-call").status_code == 401


def test_leave_is_a_gap_that_a_colleague_closes(world: World, desk: Browser) -> None:
    put(world, desk, rota(rule(world, 0, 1, "08:00", "20:00")))
    away = {"starts": "2026-11-24T00:00", "ends": "2026-11-25T00:00"}
    entered = desk.post(f"/practitioners/{world.diary.practitioners[0]}/leave", away)
    assert [one["local"] for one in entered.get_json()["duties"]] == ["2026-11-24T08:00"]
    gap = only(desk)["gaps"][0]
    assert (gap["local"], gap["local_end"]) == ("2026-11-24T08:00", "2026-11-24T20:00")
    assert (gap["away"], gap["nobody"]) == (["Therapist 0"], True)
    path = f"/services/{world.diary.service}/rota/covers"
    cover = {
        "practitioner": world.diary.practitioners[1],
        "instead_of": world.diary.practitioners[0],
        "step": 1,
        **away,
    }
    entered = desk.post(path, cover, **{"Idempotency-Key": "once"})
    assert entered.status_code == 201, entered.get_json()
    again = desk.post(path, cover, **{"Idempotency-Key": "once"})
    assert again.get_json() == entered.get_json()
    shown = only(desk)
    assert shown["gaps"] == []
    assert shown["duties"][0]["cover"] == entered.get_json()["id"]
    [listed] = desk.get(f"/services/{world.diary.service}/rota").get_json()["covers"]
    assert (listed["practitioner_name"], listed["instead_of_name"]) == ("Therapist 1", "Therapist 0")
    assert desk.delete(f"{path}/{listed['id']}").status_code == 204
    assert only(desk)["gaps"] == [gap]


def test_what_cannot_be_meant_is_refused_by_name(world: World, desk: Browser) -> None:
    stranger = rule(world, 0, 1, "08:00", "20:00", practitioner=world.diary.desk.account_id)
    unknown = put(world, desk, rota(stranger)).get_json()
    assert list(unknown["errors"]) == ["rules.0.practitioner"]
    backwards = rule(world, 0, 1, "20:00", "08:00", overnight=False, valid_to="2025-01-01")
    assert set(put(world, desk, rota(backwards)).get_json()["errors"]) == {"rules.0.end", "rules.0.valid_to"}
    for wrong in ({"tz": "Mars/Olympus"}, {"step": 9}, {"weekday": 7}):
        answer = put(world, desk, rota({**rule(world, 0, 1, "08:00", "20:00"), **wrong}))
        assert answer.status_code == 422, wrong
    put(world, desk, rota(rule(world, 0, 1, "08:00", "20:00")))
    path = f"/services/{world.diary.service}/rota/covers"
    cover = {"step": 1, "starts": "2026-11-24T08:00", "ends": "2026-11-24T20:00"}
    itself = {"practitioner": world.diary.practitioners[0], "instead_of": world.diary.practitioners[0]}
    assert set(desk.post(path, {**cover, **itself}).get_json()["errors"]) == {"instead_of"}
    who = {"practitioner": world.diary.practitioners[1]}
    assert set(desk.post(path, {**cover, **who, "ends": "2026-11-24T07:00"}).get_json()["errors"]) == {"ends"}
    evening = {"starts": "2026-11-24T19:00", "ends": "2026-11-24T19:30"}  # after 18:00 UTC, the cover's end
    desk.post(f"/practitioners/{world.diary.practitioners[1]}/leave", evening)
    assert set(desk.post(path, {**cover, **who}).get_json()["errors"]) == {"practitioner"}
    assert desk.get("/on-call", **{"from": "2026-11-24", "to": "2027-11-24"}).status_code == 422
    assert desk.get(f"/services/{world.diary.site}/rota").status_code == 404


def around_the_clock(world: World, who: int, step: int) -> list[dict[str, object]]:
    return [rule(world, who, day, "08:00", "08:00", step=step) for day in range(7)]


def raised(world: World, browser: Browser, patient: int = 0) -> dict[str, Any]:
    body = {"service": world.diary.service, "patient": world.diary.patients[patient], "phone": "0591234567"}
    made = browser.post("/urgent-requests", body)
    assert made.status_code == 201, made.get_json()
    return dict(made.get_json())


def waiting(browser: Browser) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = browser.get("/urgent-requests").get_json()["items"]
    return items


def test_a_request_is_told_claimed_once_and_becomes_a_visit(
    world: World, desk: Browser, channel: MemoryChannel, clock: FakeClock
) -> None:
    put(world, desk, rota(*around_the_clock(world, 0, 1), *around_the_clock(world, 1, 2)))
    first, second = (world.browser(actor) for actor in world.diary.therapist_actors[:2])
    pages = [RoomSocket(world.app, one.client, path="/calendar") for one in (desk, first, second)]
    made = raised(world, desk)
    assert [page.heard() for page in pages] == [[("urgent", {})], [("urgent", {})], []]
    assert [letter.text.count("/on-call") for _, letter in collect(world, channel)] == [1]
    assert waiting(second) == []
    [seen] = waiting(first)
    assert (seen["phone"], seen["patient"], seen["may"]["claim"]) == ("0591234567", made["patient"], True)
    clock.advance(timedelta(minutes=10))
    assert tasks.ask_the_next(world.parts.database, clock) == 1
    assert first.post(f"/urgent-requests/{made['id']}/claim").status_code == 200
    assert collect(world, channel) == [], "the second was asked, and the first has it by now"
    late = second.post(f"/urgent-requests/{made['id']}/claim")
    assert (late.status_code, late.get_json()["code"]) == (409, "claimed_already")
    assert second.post(f"/urgent-requests/{made['id']}/close", {"outcome": "spoken"}).status_code == 409
    times = first.get(f"/urgent-requests/{made['id']}/times", modality="phone").get_json()["items"]
    wanted = {"starts_at": times[1]["starts_at"], "modality": "phone"}
    path = f"/urgent-requests/{made['id']}/visit"
    booked = first.post(path, wanted, **{"Idempotency-Key": "once"})
    assert booked.status_code == 201, booked.get_json()
    assert first.post(path, wanted, **{"Idempotency-Key": "once"}).get_json()["id"] == booked.get_json()["id"]
    [closed] = waiting(first)
    assert (closed["state"], closed["outcome"], closed["phone"]) == ("closed", "visit", None)
    assert [one["kind"] for one in closed["events"]] == ["raised", "asked", "asked", "claimed", "closed"]
    assert first.get(f"/patients/{made['patient']}/notes").status_code in {403, 404}, "no file opens by it"


def test_the_desk_is_last_and_hands_on_by_name(
    world: World, desk: Browser, channel: MemoryChannel, clock: FakeClock
) -> None:
    put(world, desk, rota(*around_the_clock(world, 0, 1)))
    first, second = (world.browser(actor) for actor in world.diary.therapist_actors[:2])
    made = raised(world, desk)
    again = desk.post("/urgent-requests", {"service": world.diary.service, "patient": made["patient"]})
    assert again.get_json()["code"] == "requested_already"
    assert first.post(f"/urgent-requests/{made['id']}/hand-on").get_json()["step"] == 6
    assert len(collect(world, channel)) == 1, "the desk alone: the first has said no before it was told"
    clock.advance(timedelta(minutes=14))
    told = world.app.test_client().get("/metrics").get_data(as_text=True)
    for figure in ("open 1.0", "with_desk 1.0", "oldest_seconds 840.0"):
        assert f"clinic_urgent_requests_{figure}" in told
    left = "the desk has been told of: 1, the oldest is 14 minutes old: see /on-call as reception."
    found = doctor.examine(world.parts.settings, clock=clock)
    assert [one.well for one in found if one.sentence.endswith(left)] == [False]
    again = desk.post(f"/urgent-requests/{made['id']}/hand-on")
    assert (again.status_code, again.get_json()["code"]) == (409, "nobody_next")
    assert second.post(f"/urgent-requests/{made['id']}/claim").status_code == 404
    named = desk.post(f"/urgent-requests/{made['id']}/hand-on", {"to": world.diary.practitioners[1]})
    assert named.status_code == 200, named.get_json()
    assert second.post(f"/urgent-requests/{made['id']}/claim").get_json()["mine"] is True
    assert second.post(f"/urgent-requests/{made['id']}/close", {"outcome": "visit"}).status_code == 422
    clock.advance(timedelta(hours=3))
    told = world.app.test_client().get("/metrics").get_data(as_text=True)
    for figure in ("open 0.0", "unfinished 1.0", "unfinished_oldest_seconds 10800.0"):
        assert f"clinic_urgent_requests_{figure}" in told
    found = doctor.examine(world.parts.settings, clock=clock)
    left = "nobody has ended: 1, the oldest was claimed 3 hours ago: see /on-call as reception."
    assert [one.well for one in found if one.sentence.endswith(left)] == [False]
    desk, second = (world.browser(one) for one in (world.diary.desk, world.diary.therapist_actors[1]))
    done = second.post(f"/urgent-requests/{made['id']}/close", {"outcome": "spoken"})
    assert done.get_json()["events"][-1]["by"] == "Therapist 1"
    assert desk.post(f"/urgent-requests/{made['id']}/claim").get_json()["code"] == "request_closed"


def test_patients_raise_none_and_see_none(world: World, desk: Browser) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    body = {"service": world.diary.service, "patient": world.diary.patients[0]}
    assert patient.post("/urgent-requests", body).status_code in {403, 404}
    assert patient.get("/urgent-requests").status_code in {403, 404}
    stranger = {**body, "patient": world.diary.site}
    assert set(desk.post("/urgent-requests", stranger).get_json()["errors"]) == {"patient"}
    assert set(desk.post("/urgent-requests", {**body, "service": world.diary.site}).get_json()["errors"]) == {
        "service"
    }


def test_being_on_call_rings_on_the_number_that_one_has_given(
    world: World, desk: Browser, vault: Vault
) -> None:
    put(world, desk, rota(*around_the_clock(world, 0, 1)))
    office, texts = post.office(world.app.extensions), MemoryChannel()
    office.channel, office.texts = MemoryChannel(), texts
    first = world.browser(world.diary.therapist_actors[0])
    assert first.patch("/me/preferences", {"phone": "nonsense"}).status_code == 422
    given = first.patch("/me/preferences", {"phone": "050 123 4567"})
    assert given.get_json()["phone"] == "+972501234567"
    with transaction(world.parts.database) as session:
        file = make_patient(session, vault, account=False, phone="+970599999999")
        file.account_id = world.diary.therapist_actors[0].account_id
    patient = world.browser(world.diary.patient_actors[0])
    assert patient.patch("/me/preferences", {"phone": "050 123 4567"}).get_json()["code"] == "at_the_desk"
    raised(world, desk)
    send_due(world.parts.database, world.parts.clock, office)
    [(number, letter)] = texts.sent
    assert (number, letter.short.count("/on-call")) == ("+972501234567", 1), "not the one on their own file"
    assert first.patch("/me/preferences", {"phone": ""}).get_json()["phone"] is None
