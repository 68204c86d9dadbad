"""An open calendar hears at once of what changes in it, without a name, and only who may read it does."""

from __future__ import annotations

from tests.factories.sockets import RoomSocket
from tests.functional.scheduling.conftest import Browser, World, wish


def _page(world: World, browser: Browser) -> RoomSocket:
    return RoomSocket(world.app, browser.client, path="/calendar")


def _visit(world: World, browser: Browser, number: int = 0) -> dict[str, str]:
    slot = world.slots(practitioner=world.diary.practitioners[0])[number]
    made = browser.post("/appointments", wish(slot, patient=str(world.diary.patients[0])))
    assert made.status_code == 201
    visit: dict[str, str] = made.get_json()
    return visit


def test_the_desk_and_the_practitioner_hear_of_every_change_and_colleagues_do_not(world: World) -> None:
    diary = world.diary
    browser = world.browser(diary.desk)
    desk = _page(world, browser)
    own, colleague = (_page(world, world.browser(actor)) for actor in diary.therapist_actors[:2])
    visit = _visit(world, browser)
    news = {
        "appointment": visit["id"],
        "practitioner": visit["practitioner"],
        "from": visit["starts_at"],
        "to": visit["ends_at"],
    }
    assert desk.heard() == own.heard() == [("changed", news)]
    other = world.slots(practitioner=diary.practitioners[0])[3]
    moved = browser.post(f"/appointments/{visit['id']}/reschedule", {"starts_at": other["starts_at"]})
    assert moved.status_code == 200
    assert [data["from"] for _event, data in desk.heard()] == [moved.get_json()["starts_at"]]
    assert len(own.heard()) == 1
    assert browser.post(f"/appointments/{visit['id']}/cancel").status_code == 200
    assert (len(desk.heard()), len(own.heard()), colleague.heard()) == (1, 1, [])


def test_whoever_gives_a_visit_away_hears_of_it_too(world: World) -> None:
    diary, desk = world.diary, world.browser(world.diary.desk)
    visit = _visit(world, desk)
    before, after = (_page(world, world.browser(actor)) for actor in diary.therapist_actors[:2])
    slot = world.slots(practitioner=diary.practitioners[1])[2]
    body = {"starts_at": slot["starts_at"], "practitioner": slot["practitioner"]}
    moved = desk.post(f"/appointments/{visit['id']}/reschedule", body)
    assert moved.status_code == 200
    assert (len(before.heard()), len(after.heard())) == (1, 1)


def test_a_time_that_is_kept_or_given_back_is_heard_of_without_who(world: World) -> None:
    desk = _page(world, world.browser(world.diary.desk))
    patient = world.browser(world.diary.patient_actors[0])
    slot = world.slots(practitioner=world.diary.practitioners[0])[0]
    held = patient.post("/holds", wish(slot)).get_json()
    ((_event, news),) = desk.heard()
    assert (news["appointment"], news["from"]) == (held["id"], held["starts_at"])
    assert set(news) == {"appointment", "practitioner", "from", "to"}
    assert patient.delete(f"/holds/{held['id']}").status_code == 204
    assert len(desk.heard()) == 1


def test_the_desk_hears_who_waits_and_what_is_answered_without_who(world: World) -> None:
    diary, body = world.diary, {"service": str(world.diary.service), "modality": "video"}
    browser, patient = world.browser(diary.desk), world.browser(diary.patient_actors[0])
    desk, therapist = _page(world, browser), _page(world, world.browser(diary.therapist_actors[0]))
    entry = patient.post("/waitlist", body).get_json()
    assert desk.heard() == [("waitlist", {})]
    slot = world.slots(practitioner=diary.practitioners[0])[0]
    time = {"practitioner": slot["practitioner"], "starts_at": slot["starts_at"]}
    made = browser.post(f"/waitlist/{entry['id']}/offers", time).get_json()
    assert {event for event, _news in desk.heard()} == {"changed", "waitlist"}
    assert patient.post(f"/offers/{made['id']}/decline").status_code == 200
    assert {event for event, _news in desk.heard()} == {"changed", "waitlist"}
    assert {event for event, _news in therapist.heard()} == {"changed"}


def test_nothing_is_pushed_to_a_session_that_has_ended(world: World) -> None:
    browser = world.browser(world.diary.therapist_actors[0])
    page = _page(world, browser)
    assert browser.delete("/session").status_code == 204
    _visit(world, world.browser(world.diary.desk))
    assert page.heard() == []


def test_patients_and_strangers_have_no_calendar_to_watch(world: World) -> None:
    for browser in (world.browser(world.diary.patient_actors[0]), world.browser()):
        assert not RoomSocket(world.app, browser.client, path="/calendar").connected
