"""Two people in one room over sockets: wait, admit, talk, reload, hang up; and all that is refused."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from clinic.app import create_app
from clinic.audit import queries as trail
from clinic.db.transaction import snapshot, transaction
from clinic.ids import new_id
from clinic.scheduling.services import changes
from clinic.video.rules.messages import FROM_SERVER
from tests.factories.sockets import RoomSocket
from tests.functional.video.conftest import Scene

OK = {"ok": True, "code": "ok"}
OFFER = {"type": "offer", "sdp": "v=0\r\n"}
HEX = "ab" * 32


@pytest.fixture(autouse=True)
def _everything_pushed_has_its_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every push and every ack of these stories is of the shape that docs/signalling.md defines."""
    heard, emit = RoomSocket.heard, RoomSocket.emit

    def checked(self: RoomSocket, event: str | None = None) -> list[Any]:
        found = heard(self, event)
        for name, data in found if event is None else [(event, data) for data in found]:
            FROM_SERVER[name](data, "")
        return found

    def answered(self: RoomSocket, event: str, message: object = None) -> dict[str, Any]:
        ack = emit(self, event, message)
        FROM_SERVER["ack"](ack, "")
        return ack

    monkeypatch.setattr(RoomSocket, "heard", checked)
    monkeypatch.setattr(RoomSocket, "emit", answered)


def refusal(code: str, **more: object) -> dict[str, object]:
    return {"ok": False, "code": code, **more}


def call(scene: Scene) -> tuple[RoomSocket, RoomSocket, int]:
    """Bring both in; return therapist's and patient's socket and the epoch."""
    patient, seated = scene.patient.join()
    therapist, welcome = scene.therapist.join()
    assert therapist.emit("admit", {"epoch": welcome["epoch"], "seat": seated["seat"]}) == OK
    (admitted,) = patient.heard("admitted")
    therapist.heard(), patient.heard()
    return therapist, patient, admitted["epoch"]


def test_the_pass_says_all_that_joining_needs(scene: Scene) -> None:
    response = scene.patient.open_door()
    body = response.get_json()
    assert response.status_code == 200
    assert (body["topology"], body["e2ee"], body["ice_servers"], body["role"], body["polite"]) == (
        *("p2p", True, [], "patient"),
        False,
    )
    assert set(body) == {
        *("room", "ticket", "expires_at", "topology", "ice_servers", "e2ee", "role", "polite", "phone"),
    }
    assert scene.therapist.open_door().get_json()["polite"] is True
    assert scene.other.open_door().status_code == 404


def test_an_early_patient_is_told_when_the_door_opens(scene: Scene) -> None:
    scene.clock.set(scene.visit.starts_at - timedelta(minutes=16))
    response = scene.patient.open_door()
    assert (response.status_code, response.get_json()["code"]) == (409, "room_not_open")
    assert response.get_json()["opens_at"] == (scene.visit.starts_at - timedelta(minutes=15)).isoformat()


def test_wait_admit_and_talk(scene: Scene) -> None:
    patient, waiting = scene.patient.join()
    assert (waiting["state"], waiting["polite"], waiting["peers"]) == ("waiting", False, [])
    assert waiting["appointment"]["id"] == str(scene.visit.id)
    therapist, welcome = scene.therapist.join()
    assert (welcome["state"], welcome["polite"], welcome["role"]) == ("admitted", True, "practitioner")
    (seen,) = welcome["peers"]
    assert (seen["state"], seen["here"], seen["name"]) == ("waiting", True, "Samar Haddad")
    assert patient.heard("presence")[-1]["peers"][0]["name"] == "Therapist 0"
    assert patient.emit("description", {"epoch": welcome["epoch"], "description": OFFER}) == refusal(
        "not_admitted"
    )
    assert therapist.emit("admit", {"epoch": welcome["epoch"], "seat": seen["seat"]}) == OK
    (admitted,) = patient.heard("admitted")
    assert therapist.heard("presence")[-1]["peers"][0]["state"] == "admitted"
    epoch = admitted["epoch"]
    assert patient.emit("description", {"epoch": epoch, "description": OFFER}) == OK
    assert therapist.heard("description") == [{"epoch": epoch, "description": OFFER, "from": waiting["seat"]}]
    for event, message in (
        ("candidate", {"epoch": epoch, "candidate": None}),
        ("restart", {"epoch": epoch}),
        ("commit", {"epoch": epoch, "commit": HEX}),
        ("reveal", {"epoch": epoch, "nonce": HEX}),
    ):
        assert therapist.emit(event, message) == OK
        assert patient.heard(event) == [{**message, "from": welcome["seat"]}]


def test_media_state_reaches_the_other_side_now_and_after_its_reload(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    state = {"mic": True, "camera": False, "sound_only": True}
    assert patient.emit("media-state", {"epoch": epoch, **state}) == OK
    assert [data["sound_only"] for data in therapist.heard("media-state")] == [True]
    therapist.close()
    assert patient.emit("media-state", {"epoch": epoch, **state}) == OK
    scene.therapist.reload()
    _, welcome = scene.therapist.join()
    assert welcome["peers"][0]["media"] == state


def test_a_reload_comes_back_into_the_same_seat(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    patient.close()
    assert therapist.heard("presence")[-1]["peers"][0]["here"] is False
    assert therapist.emit("restart", {"epoch": epoch}) == refusal("no_peer")
    scene.patient.reload()
    patient, welcome = scene.patient.join()
    assert (welcome["state"], welcome["epoch"]) == ("admitted", epoch + 1)
    shown = therapist.heard("presence")[-1]
    assert (shown["epoch"], shown["peers"][0]["here"]) == (epoch + 1, True)
    assert therapist.emit("restart", {"epoch": epoch}) == refusal("stale_epoch")
    assert therapist.emit("restart", {"epoch": epoch + 1}) == OK
    assert patient.heard("restart")


def test_a_second_device_takes_the_seat_over(scene: Scene) -> None:
    _, patient, _ = call(scene)
    scene.patient.reload()
    phone, welcome = scene.patient.join()
    assert patient.heard("replaced") == [{}]
    assert patient.emit("leave", {"epoch": welcome["epoch"]}) == refusal("not_joined")
    assert phone.emit("leave", {"epoch": welcome["epoch"]}) == OK


def test_location_goes_to_the_therapist_only_now_and_at_reentry(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    where = {"place": "رام الله", "phone": "+970 599 000 000"}
    assert patient.emit("location", {"epoch": epoch, **where}) == OK
    (given,) = therapist.heard("location")
    assert {name: given[name] for name in where} == where
    assert "location" not in dict(patient.heard())
    scene.therapist.reload()
    therapist, welcome = scene.therapist.join()
    assert [data["place"] for data in therapist.heard("location")] == ["رام الله"]
    assert therapist.emit("location", {"epoch": welcome["epoch"], **where}) == refusal("not_permitted")


def test_the_therapists_day_sees_who_comes(scene: Scene) -> None:
    today, elsewhere = scene.therapist.socket(), scene.other.socket()
    assert today.emit("watch", {}) == OK
    assert elsewhere.emit("watch", {}) == OK
    assert today.heard("arrivals") == [{"items": []}]
    with snapshot(scene.parts.database) as session:
        looks = [
            entry.actor_id for entry in trail.entries(session, limit=50) if entry.action == "arrival.list"
        ]
    assert set(looks) == {actor.account_id for actor in scene.diary.therapist_actors[:2]}
    page = scene.patient.socket()
    assert page.emit("arrive", {"appointment": str(scene.visit.id)}) == OK
    (arrived,) = today.heard("arrivals")[-1]["items"]
    assert (arrived["state"], arrived["seat"], arrived["patient_name"]) == ("arrived", None, "Samar Haddad")
    _, welcome = scene.patient.join(page)
    (waiting,) = today.heard("arrivals")[-1]["items"]
    assert (waiting["state"], waiting["seat"]) == ("waiting", welcome["seat"])
    page.close()
    assert today.heard("arrivals")[-1]["items"][0]["state"] == "away"
    assert [data["items"] for data in elsewhere.heard("arrivals")] == [[]]


def test_ending_sends_both_out_and_the_therapist_may_come_back(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    assert patient.emit("end", {"epoch": epoch}) == refusal("not_found")
    assert therapist.emit("end", {"epoch": epoch}) == OK
    for socket in (therapist, patient):
        assert socket.heard("ended") == [{"appointment": str(scene.visit.id), "reason": "ended"}]
    assert patient.emit(
        "media-state", {"epoch": epoch, "mic": True, "camera": True, "sound_only": False}
    ) == (refusal("not_joined"))
    assert scene.patient.open_door().get_json()["code"] == "room_closed"
    _, welcome = scene.therapist.join()
    assert welcome["peers"] == []
    assert scene.patient.join()[1]["state"] == "waiting"


def test_a_cancelled_visit_closes_the_room_under_everybodys_eyes(scene: Scene) -> None:
    therapist, patient, _ = call(scene)
    with transaction(scene.parts.database) as session:
        changes.cancel(
            session,
            actor=scene.diary.desk,
            clock=scene.clock,
            fields=scene.parts.vault.fields,
            appointment_id=scene.visit.id,
            reason=None,
        )
    for socket in (therapist, patient):
        assert socket.heard("ended")[-1]["reason"] == "cancelled"
    assert scene.therapist.open_door().get_json()["code"] == "room_closed"


def test_strangers_tickets_and_strangers_rooms_are_no_use(scene: Scene) -> None:
    stranger = scene.other.socket()
    ticket = scene.patient.open_door().get_json()["ticket"]
    message = {"ticket": ticket, "instance": str(new_id())}
    assert stranger.emit("join", message) == refusal("ticket_invalid")
    assert stranger.emit("arrive", {"appointment": str(scene.visit.id)}) == refusal("not_found")
    assert stranger.emit("arrive", {"appointment": str(new_id())}) == refusal("not_found")


@pytest.mark.parametrize(
    ("event", "message", "field"),
    [
        ("watch", [], ""),
        ("watch", None, ""),
        ("join", {"ticket": "x", "instance": str(new_id())}, "ticket"),
        ("restart", {"epoch": 1, "from": "me"}, "from"),
        ("description", {"epoch": 1, "description": {**OFFER, "sdp": "x" * 40_000}}, "description.sdp"),
    ],
)
def test_malformed_messages_are_refused_by_field(
    scene: Scene, event: str, message: object, field: str
) -> None:
    socket = scene.therapist.socket()
    assert socket.emit(event, message) == refusal("invalid_message", field=field)


def test_unknown_events_are_refused(scene: Scene) -> None:
    assert scene.patient.socket().emit("record", {}) == refusal("unknown_event")


def test_nothing_is_taken_before_join(scene: Scene) -> None:
    socket = scene.patient.socket()
    for event, message in (
        ("restart", {"epoch": 1}),
        ("leave", {"epoch": 1}),
        ("location", {"epoch": 1, "place": "", "phone": ""}),
    ):
        assert socket.emit(event, message) == refusal("not_joined")


def test_too_many_messages_are_told_to_wait_and_then_cut_off(scene: Scene) -> None:
    socket = scene.patient.socket()
    acks = [socket.emit("restart", {"epoch": 1})["code"] for _ in range(8)]
    assert acks == ["not_joined"] * 5 + ["rate_limited"] * 3
    assert socket.emit("restart", {"epoch": 1})["retry_after_ms"] == 5000
    for _ in range(15):
        socket.emit("restart", {"epoch": 1})
    wait_until_cut(socket)


def wait_until_cut(socket: RoomSocket) -> None:
    deadline = time.monotonic() + 5
    while socket.connected and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not socket.connected


def test_an_account_has_eight_sockets_at_most(scene: Scene) -> None:
    held = [scene.patient.socket() for _ in range(8)]
    assert all(socket.connected for socket in held)
    assert not scene.patient.socket().connected
    held[0].close()
    assert scene.patient.socket().connected


def test_strangers_and_other_protocols_are_not_let_in(scene: Scene) -> None:
    nobody = scene.patient.app.test_client()
    assert not RoomSocket(scene.patient.app, nobody).connected
    assert not RoomSocket(scene.patient.app, scene.patient.client, auth={"protocol": 2}).connected
    assert not RoomSocket(scene.patient.app, scene.patient.client, auth={}).connected


def test_who_signs_out_is_heard_no_more_and_hears_nothing_more(scene: Scene) -> None:
    therapist, patient, epoch = call(scene)
    assert scene.patient.client.delete("/api/v1/session", headers=scene.patient.csrf).status_code == 204
    assert therapist.emit("restart", {"epoch": epoch}) == refusal("no_peer")
    assert patient.heard("restart") == []
    wait_until_cut(patient)


def test_after_a_crash_nobody_is_shown_who_is_not_there(scene: Scene) -> None:
    call(scene)
    scene.patient.app = create_app(scene.parts.settings, clock=scene.clock)
    scene.therapist.app = scene.patient.app
    scene.therapist.client = scene.patient.app.test_client()
    scene.therapist.client.set_cookie("sid", scene.therapist.token)
    therapist, welcome = scene.therapist.join()
    assert [(peer["state"], peer["here"]) for peer in welcome["peers"]] == [("admitted", False)]
    assert therapist.emit("restart", {"epoch": welcome["epoch"]}) == refusal("no_peer")
