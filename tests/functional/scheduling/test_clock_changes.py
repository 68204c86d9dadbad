"""The desk looks at visits that new zone rules have moved, approves, and people are told once."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic.db.transaction import transaction
from clinic.identity.models import Account, Patient
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.channels.message import message_of
from clinic.scheduling.models import Appointment, AvailabilityRule, Site
from clinic.scheduling.tasks import follow_clocks
from clinic.supervision import doctor
from clinic.vault import Vault
from tests.factories.groups import add_group_service, group_body
from tests.functional.scheduling.conftest import Browser, World, wish

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(world: World) -> Browser:
    """The desk of a clinic in Rabat, whose people have addresses and read English."""
    fields = world.parts.vault.fields
    with transaction(world.parts.database) as session:
        session.execute(update(Site).values(tz="Africa/Casablanca"))
        session.execute(update(AvailabilityRule).values(tz="Africa/Casablanca"))
        for person in session.scalars(select(Patient)):
            person.email_sealed = fields.seal(person.id, "patient.email", f"{person.id}@clinic.example")
        for account in session.scalars(select(Account)):
            account.language = "en"
    return world.browser(world.diary.desk)


@pytest.fixture
def visit(world: World, desk: Browser) -> dict[str, Any]:
    """A visit as it was booked under tzdb 2026a: an hour before what its wall time is now."""
    slot = world.slots()[-1]
    response = world.browser(world.diary.patient_actors[0]).post("/appointments", wish(slot))
    assert response.status_code == 201
    mails(world)
    put_back(world)
    found: dict[str, Any] = response.get_json()
    return found


def put_back(world: World) -> None:
    """Let visits and sessions be as tzdb 2026a had them."""
    with transaction(world.parts.database) as session:
        for row in session.scalars(select(Appointment).order_by(Appointment.starts_at)).all():
            for name in ("starts_at", "ends_at", "busy_from", "busy_to"):
                setattr(row, name, getattr(row, name) - HOUR)
            row.tzdb = "2026a"
            session.flush()


def mails(world: World) -> list[EmailMessage]:
    """Let the worker send what is due; return it as mail servers get it."""
    channel, office = MemoryChannel(), post.office(world.app.extensions)
    office.channel = channel
    tasks.send_due(world.parts.database, world.parts.clock, office)
    return [message_of(letter, sender="no-reply@localhost", address=to) for to, letter in channel.sent]


def text_of(mail: EmailMessage) -> str:
    """Return what a mail says."""
    body = mail.get_body()
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def test_the_desk_approves_and_patient_and_practitioner_are_told_once(
    world: World, desk: Browser, visit: dict[str, Any]
) -> None:
    assert follow_clocks(world.parts.database, world.parts.clock) == 1
    week = {"from": "2026-11-22", "to": "2026-11-29"}
    assert desk.get("/calendar", **week).get_json()["clock_changes"] == 1
    therapist = world.browser(world.diary.therapist_actors[0])
    assert therapist.get("/calendar", **week).get_json()["clock_changes"] == 0
    (change,) = desk.get("/clock-changes").get_json()["items"]
    assert change["group"] is None
    assert (change["visit"]["id"], change["visit"]["local"]) == (visit["id"], visit["local"])
    assert (change["minutes"], change["tzdb"], change["conflict"]) == (60, "2026a", None)
    assert change["new_offset"] == "+00:00"
    body = {"visits": [{"id": visit["id"], "version": change["visit"]["version"]}]}
    done = desk.post("/clock-changes/approve", body)
    assert done.get_json() == {"items": [{"id": visit["id"], "outcome": "moved"}]}
    assert desk.post("/clock-changes/approve", body).get_json()["items"][0]["outcome"] == "changed"
    assert desk.get("/clock-changes").get_json()["items"] == []
    to_patient, to_practitioner = sorted(
        mails(world), key=lambda mail: not str(mail["To"]).startswith(str(world.diary.patients[0]))
    )
    assert "The official time has changed. Your visit stays at" in text_of(to_patient)
    assert "stays at this time on the clinic" in text_of(to_practitioner)
    (part,) = to_patient.iter_attachments()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert b"METHOD:REQUEST" in content
    assert mails(world) == []


def test_everybody_is_told_once_of_visits_and_groups_alike(world: World, vault: Vault, desk: Browser) -> None:
    service = add_group_service(world.parts.database, vault, world.diary)
    local = {"starts_at": None, "local": "2026-11-24T10:00", "modality": "video"}
    group = desk.post("/groups", group_body(world.diary, service, **local)).get_json()
    for patient in world.diary.patients:
        desk.post(f"/groups/{group['id']}/seats", {"patient": str(patient)})
    slot = world.slots(practitioner=world.diary.practitioners[0])[-1]
    later = desk.post("/appointments", wish(slot, patient=str(world.diary.patients[0]))).get_json()
    mails(world)
    put_back(world)
    week = {"from": "2026-11-22", "to": "2026-11-29"}
    assert desk.get("/calendar", **week).get_json()["clock_changes"] == 2
    changes = desk.get("/clock-changes").get_json()["items"]
    seen = {
        one["id"]: one["version"] for change in changes for one in (change["visit"], change["group"]) if one
    }
    assert set(seen) == {group["id"], later["id"]}
    assert len(desk.get("/clock-changes", limit=1).get_json()["items"]) == 1
    body = {"visits": [{"id": id, "version": version} for id, version in seen.items()]}
    done = desk.post("/clock-changes/approve", body).get_json()["items"]
    assert [one["outcome"] for one in done] == ["moved", "moved"]
    told = mails(world)
    said = [text_of(mail) for mail in told]
    assert len({mail["To"] for mail in told}) == len(told) == 3
    assert sum("Your visit stays at" in text for text in said) == 1
    assert sum("Your visits, 2 in all from" in text for text in said) == 2
    assert not any("circle" in text for text in said)  # that it is a group is nobody else's to read


def test_only_the_desk_decides(world: World, visit: dict[str, Any]) -> None:
    body = {"visits": [{"id": visit["id"], "version": 1}]}
    for actor, status in ((world.diary.therapist_actors[0], 403), (world.diary.patient_actors[0], 404)):
        browser = world.browser(actor)
        assert browser.get("/clock-changes").status_code == status
        assert browser.post("/clock-changes/approve", body).status_code == status


def test_bad_approvals_are_refused_by_field(desk: Browser) -> None:
    for body, field in (
        ({}, "visits"),
        ({"visits": []}, "visits"),
        ({"visits": [{"id": "x", "version": 1}]}, "visits.0.id"),
        ({"visits": [{"id": "8a3f2a52-5c0e-4e9c-9a56-0d6c0e6a5b11", "version": 0}]}, "visits.0.version"),
    ):
        response = desk.post("/clock-changes/approve", body)
        assert (response.status_code, list(response.get_json()["errors"])) == (422, [field])


def test_the_doctor_says_that_visits_wait(world: World, visit: dict[str, Any]) -> None:
    found = doctor.examine(world.parts.settings, clock=world.parts.clock)
    sentences = {finding.sentence: finding.well for finding in found}
    waiting = "Since zone rules changed, 1 visits or sessions wait to be moved: see /clock-changes."
    assert sentences.get(waiting) is False
