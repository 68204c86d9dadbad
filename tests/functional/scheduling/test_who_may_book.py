"""Who may book a service, who was referred to it, and who comes to a visit too."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from clinic.access.actor import Role
from clinic.db.transaction import transaction
from clinic.identity.models import AccountRole
from clinic.ids import new_id
from clinic.scheduling.models import Participant, Service
from clinic.scheduling.rules.booking import BookingRule
from tests.functional.scheduling.conftest import World, wish


def set_rule(world: World, rule: BookingRule) -> None:
    """Let the diary's service be booked by `rule`."""
    with transaction(world.parts.database) as session:
        session.execute(update(Service).values(booking_rule=rule))


@pytest.fixture
def slot(world: World) -> dict[str, Any]:
    """A free time of the first practitioner."""
    return world.slots(practitioner=world.diary.practitioners[0])[0]


def test_what_staff_book_is_offered_to_staff_alone(world: World, slot: dict[str, Any]) -> None:
    set_rule(world, BookingRule.STAFF)
    patient, desk = world.browser(world.diary.patient_actors[0]), world.browser(world.diary.desk)
    for browser, shown in ((world.browser(), 0), (patient, 0), (desk, 1)):
        assert len(browser.get("/services").get_json()["items"]) == shown
        assert bool(browser.get("/slots", service=world.diary.service).get_json()["items"]) is bool(shown)
    for path in ("/holds", "/appointments", "/appointments/preview"):
        refused = patient.post(path, wish(slot))
        assert (refused.status_code, refused.get_json()["code"]) == (403, "booked_by_staff")
    made = desk.post("/appointments", wish(slot, patient=str(world.diary.patients[0])))
    assert made.status_code == 201


def test_who_works_here_and_looks_for_their_own_visit_is_offered_what_patients_are(world: World) -> None:
    colleague, service = world.diary.patient_actors[0], world.diary.service
    with transaction(world.parts.database) as session:
        granted = {"granted_by": colleague.account_id, "granted_at": world.parts.clock.now()}
        session.add(AccountRole(account_id=colleague.account_id, role=Role.RECEPTION, **granted))
    offered = [
        world.browser(who).get("/slots", service=service, own=own).get_json()["items"]
        for who, own in ((colleague, 0), (colleague, 1), (world.diary.patient_actors[1], 0))
    ]
    assert offered[0] != offered[1] == offered[2]


def test_a_referral_opens_a_service_and_is_taken_back(world: World, slot: dict[str, Any]) -> None:
    set_rule(world, BookingRule.REFERRAL)
    patient, desk = world.browser(world.diary.patient_actors[0]), world.browser(world.diary.desk)
    refused = patient.post("/appointments", wish(slot))
    assert (refused.status_code, refused.get_json()["code"]) == (403, "referral_needed")
    path = f"/patients/{world.diary.patients[0]}/referrals"
    key = {"Idempotency-Key": "one referral"}
    entered = desk.post(path, {"service": str(world.diary.service)}, **key)
    assert (entered.status_code, entered.get_json()["service_name"]) == (201, "Follow-up")
    again = desk.post(path, {"service": str(world.diary.service)})
    assert (again.status_code, again.get_json()["code"]) == (409, "already_referred")
    assert patient.post("/holds", wish(slot)).status_code == 201
    assert [one["id"] for one in desk.get(path).get_json()["items"]] == [entered.get_json()["id"]]
    assert desk.delete(f"{path}/{entered.get_json()['id']}").status_code == 204
    assert desk.delete(f"{path}/{entered.get_json()['id']}").status_code == 404
    assert desk.post(path, {"service": str(world.diary.service)}, **key).status_code == 404
    assert patient.post("/appointments", wish(slot)).status_code == 403


def test_those_in_a_practitioners_care_book_with_them_and_not_with_others(world: World) -> None:
    patient, slots = world.browser(world.diary.patient_actors[0]), world.slots(limit=8)
    first, second = (
        [one for one in slots if one["practitioner"] == str(who)] for who in world.diary.practitioners
    )
    assert patient.post("/appointments", wish(first[0])).status_code == 201
    set_rule(world, BookingRule.REFERRAL)
    visit = patient.post("/appointments", wish(first[1])).get_json()
    assert patient.post("/appointments", wish(second[2])).status_code == 403
    set_rule(world, BookingRule.SELF)
    assert visit["status"] == "booked"


def test_only_staff_refer_and_practitioners_those_in_their_care(world: World, slot: dict[str, Any]) -> None:
    path = f"/patients/{world.diary.patients[0]}/referrals"
    body = {"service": str(world.diary.service)}
    patient, therapist = world.diary.patient_actors[0], world.diary.therapist_actors[0]
    assert world.browser(patient).post(path, body).status_code == 404
    assert world.browser(therapist).post(path, body).status_code == 403
    world.browser(patient).post("/appointments", wish(slot))
    assert world.browser(therapist).post(path, body).status_code == 201
    desk = world.browser(world.diary.desk)
    assert desk.post(f"/patients/{new_id()}/referrals", body).status_code == 404
    assert desk.post(path, {"service": str(new_id())}).status_code == 422


def test_an_interpreter_and_a_sister_come_too(world: World, slot: dict[str, Any]) -> None:
    patient, stranger = (world.browser(actor) for actor in world.diary.patient_actors)
    visit = patient.post("/appointments", wish(slot)).get_json()
    path = f"/appointments/{visit['id']}"
    speaks = {"kind": "interpreter", "name": "Amal Nasser", "language": "fr"}
    key = {"Idempotency-Key": "one intent"}
    added = [world.browser(world.diary.desk).post(f"{path}/participants", speaks, **key) for _ in range(2)]
    assert [one.status_code for one in added] == [201, 201]
    assert added[0].get_json() == added[1].get_json()
    sister = patient.post(f"{path}/participants", {"kind": "family", "name": "Dina"}).get_json()
    therapist = world.browser(world.diary.therapist_actors[0])
    for browser in (patient, therapist, world.browser(world.diary.desk)):
        found = browser.get(path).get_json()["participants"]
        assert {(one["kind"], one["name"], one["language"]) for one in found} == {
            ("interpreter", "Amal Nasser", "fr"),
            ("family", "Dina", None),
        }
    assert stranger.post(f"{path}/participants", speaks).status_code == 404
    assert patient.delete(f"{path}/participants/{sister['id']}").status_code == 204
    assert patient.delete(f"{path}/participants/{sister['id']}").status_code == 404
    with transaction(world.parts.database) as session:
        (row,) = session.query(Participant).all()
        assert b"Amal" not in row.name_sealed


def test_five_come_at_most_and_nobody_to_a_visit_that_is_off(world: World, slot: dict[str, Any]) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    visit = patient.post("/appointments", wish(slot)).get_json()
    path = f"/appointments/{visit['id']}/participants"
    for number in range(5):
        body = {"kind": "companion", "name": f"Friend {number}"}
        assert patient.post(path, body).status_code == 201
    refused = patient.post(path, {"kind": "companion", "name": "One more"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too_many_participants")
    world.browser(world.diary.desk).post(f"/appointments/{visit['id']}/cancel")
    over = patient.post(path, {"kind": "family", "name": "Dina"})
    assert (over.status_code, over.get_json()["code"]) == (409, "not_open")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "pet"}, "kind"), ({"name": ""}, "name"), ({"language": "French"}, "language")],
)
def test_bad_participants_are_refused_by_field(
    world: World, slot: dict[str, Any], change: dict[str, str], field: str
) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    visit = patient.post("/appointments", wish(slot)).get_json()
    body = {"kind": "family", "name": "Dina", **change}
    refused = patient.post(f"/appointments/{visit['id']}/participants", body)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
