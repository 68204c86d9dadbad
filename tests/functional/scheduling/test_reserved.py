"""Times kept for urgent requests over HTTP: set up by the management, taken on purpose by the desk."""

from __future__ import annotations

from clinic.db.transaction import transaction
from clinic.scheduling.models import Service
from tests.functional.scheduling.conftest import World, wish


def test_the_desk_sees_and_takes_kept_times_and_the_public_gets_what_is_left_over(world: World) -> None:
    with transaction(world.parts.database) as session:
        session.get_one(Service, world.diary.service).reserved_percent = 100
    later = {"from": "2026-11-23"}
    assert {slot["local"][:10] for slot in world.slots()} == {"2026-11-22"}  # its hour has struck
    assert world.slots(**later) == []
    desk, patient = world.browser(world.diary.desk), world.browser(world.diary.patient_actors[0])
    found = desk.get("/slots", service=world.diary.service, **later).get_json()["items"]
    slot = next(each for each in found if each["reserved"])
    assert patient.post("/appointments", wish(slot)).get_json()["code"] == "slot_not_offered"
    assert patient.post("/appointments", wish(slot, reserved=True)).status_code == 403
    body = wish(slot, patient=str(world.diary.patients[0]))
    refused = desk.post("/appointments", body)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "time_reserved")
    (clash,) = desk.post("/appointments/preview", body).get_json()["conflicts"]
    assert (clash["kind"], clash["firm"]) == ("reserved", False)
    assert desk.post("/appointments", {**body, "reserved": True}).status_code == 201
