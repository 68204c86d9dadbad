"""What the desk sees of messages: what left, what failed and why, sending again, and when reminders leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from clinic.access.actor import Actor, Role
from clinic.db.transaction import transaction
from clinic.identity.models import Account, AccountRole
from clinic.ids import new_id
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.ports import Letter, NotSent
from clinic.supervision import doctor
from tests.fakes.clock import START, FakeClock
from tests.functional.scheduling.conftest import World, wish


class Moody(MemoryChannel):
    """A channel that is closed for good while it is told so."""

    closed = False

    def send(self, address: str, letter: Letter) -> None:
        """Keep the letter or refuse it."""
        if self.closed:
            raise NotSent("smtp_SMTPRecipientsRefused", final=True)
        super().send(address, letter)


@dataclass(slots=True)
class Post:
    """The clinic's post, and one booked visit."""

    world: World
    mail: Moody
    visit: dict[str, Any]

    def run(self) -> None:
        """Let the worker send what is due."""
        parts = self.world.parts
        tasks.send_due(parts.database, parts.clock, post.office(self.world.app.extensions))

    def messages(self) -> dict[str, dict[str, Any]]:
        """Return what the desk sees of the visit's messages that are no reminders."""
        answer = self.world.browser(self.world.diary.desk).get(f"/appointments/{self.visit['id']}/messages")
        assert answer.status_code == 200, answer.get_json()
        return {one["kind"]: one for one in answer.get_json()["items"] if one["kind"] != "reminder"}


@pytest.fixture
def mails(world: World) -> Post:
    """A visit whose confirmation is due."""
    mail = Moody()
    post.office(world.app.extensions).channel = mail
    slot = world.slots(limit=50)[-1]
    visit = world.browser(world.diary.patient_actors[0]).post("/appointments", wish(slot)).get_json()
    return Post(world, mail, visit)


def test_the_desk_sees_when_and_how_a_message_left(mails: Post) -> None:
    assert mails.messages()["booked"]["state"] == "waiting"
    mails.run()
    booked = mails.messages()["booked"]
    assert (booked["state"], booked["way"], booked["to"]) == ("sent", "email", "patient")
    assert (booked["local"], booked["offset"]) == ("2026-11-22T11:00", "+02:00")
    assert booked["visit_local"] == mails.visit["local"]
    assert not {"address", "text"} & set(booked)


def test_what_reached_nobody_is_listed_with_its_reason_and_sent_again(mails: Post) -> None:
    desk = mails.world.browser(mails.world.diary.desk)
    mails.mail.closed = True
    mails.run()
    (failed,) = desk.get("/deliveries").get_json()["items"]
    assert (failed["state"], failed["reason"]) == ("failed", "smtp_SMTPRecipientsRefused")
    assert failed["patient_name"] == mails.visit["patient_name"]
    mails.mail.closed = False
    again = desk.post(f"/deliveries/{failed['id']}/send-again")
    assert (again.status_code, again.get_json()["state"]) == (200, "waiting")
    mails.run()
    assert len(mails.mail.sent) == 1
    assert desk.get("/deliveries").get_json()["items"] == []
    twice = desk.post(f"/deliveries/{failed['id']}/send-again")
    assert (twice.status_code, twice.get_json()["code"]) == (409, "not_failed")


def test_what_was_given_up_while_there_was_no_mail_server_is_sent_again_at_once(mails: Post) -> None:
    world, patient = mails.world, mails.world.browser(mails.world.diary.patient_actors[1])
    patient.post("/appointments", wish(world.slots(limit=50)[-1]))
    mails.mail.closed = True
    mails.run()
    mails.mail.closed = False
    desk = world.browser(world.diary.desk)
    assert patient.post("/deliveries/send-again").status_code == 404
    assert desk.post("/deliveries/send-again").get_json() == {"queued": 2}
    assert desk.post("/deliveries/send-again").get_json() == {"queued": 0}
    mails.run()
    assert len(mails.mail.sent) == 2


def test_a_letter_about_an_offered_time_is_listed_too(mails: Post) -> None:
    world, desk = mails.world, mails.world.browser(mails.world.diary.desk)
    who = str(world.diary.patients[1])
    entry = desk.post("/waitlist", {"service": world.diary.service, "modality": "video", "patient": who})
    slot = world.slots()[0]
    offered = {"practitioner": slot["practitioner"], "starts_at": slot["starts_at"]}
    made = desk.post(f"/waitlist/{entry.get_json()['id']}/offers", offered)
    assert made.status_code == 201, made.get_json()
    mails.mail.closed = True
    mails.run()
    (told,) = [one for one in desk.get("/deliveries").get_json()["items"] if one["about"] == "offer"]
    assert (told["kind"], told["patient"], told["appointment"]) == ("offer", who, None)
    assert (told["visit_local"], told["to"], told["to_name"]) == (slot["local"], "patient", None)
    mails.mail.closed = False
    again = desk.post(f"/deliveries/{told['id']}/send-again")
    assert (again.status_code, again.get_json()["state"]) == (200, "waiting")


def test_others_learn_nothing_of_messages(mails: Post) -> None:
    world, path = mails.world, f"/appointments/{mails.visit['id']}/messages"
    patient, stranger = (world.browser(one) for one in world.diary.patient_actors)
    assert {one.get(path).status_code for one in (patient, stranger)} == {404}
    assert patient.get("/deliveries").status_code == 404
    treating, other = (world.browser(one) for one in _by_visit(mails))
    assert treating.get(path).status_code == 200
    assert other.get(path).status_code == 404
    assert treating.post(f"/deliveries/{new_id()}/send-again").status_code == 403
    assert world.browser(world.diary.desk).post(f"/deliveries/{new_id()}/send-again").status_code == 404


def _by_visit(mails: Post) -> list[Actor]:
    """Return the therapists, the visit's own first."""
    own = mails.visit["practitioner"]
    return sorted(mails.world.diary.therapist_actors, key=lambda one: str(one.practitioner_id) != own)


def _manager(world: World) -> Actor:
    """Return the desk's account as one that manages the clinic, too."""
    desk = world.diary.desk
    with transaction(world.parts.database) as session:
        account = session.get_one(Account, desk.account_id)
        granted = {"granted_by": desk.account_id, "granted_at": START}
        account.roles.append(AccountRole(role=Role.CLINIC_ADMIN, **granted))
    return desk


def test_a_service_reminds_when_the_management_says(world: World) -> None:
    service = world.diary.service
    refused = world.browser(world.diary.desk).put(f"/services/{service}/reminders", {"minutes": [60]})
    assert refused.status_code == 403
    manager = world.browser(_manager(world))
    found = manager.get("/reminders").get_json()
    assert found["usual"] == [10_080, 2_880, 120]
    (one,) = found["items"]
    assert one["minutes"] is None
    tag = {"If-Match": f'"{one["etag"]}"'}
    set_ = manager.put(f"/services/{service}/reminders", {"minutes": [60, 1_440]}, **tag)
    assert set_.get_json()["minutes"] == [1_440, 60]
    stale = manager.put(f"/services/{service}/reminders", {"minutes": None}, **tag)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "reminders_changed")
    foreign = manager.put(f"/services/{service}/reminders", {"minutes": None}, **{"If-Match": '"é"'})
    assert (foreign.status_code, list(foreign.get_json()["errors"])) == (422, ["If-Match"])


@pytest.mark.parametrize("minutes", [[5], [60, 60], [100_000], [30, 40, 50, 60, 70, 80]])
def test_times_that_make_no_sense_are_refused(world: World, minutes: list[int]) -> None:
    manager = world.browser(_manager(world))
    (one,) = manager.get("/reminders").get_json()["items"]
    tag = {"If-Match": f'"{one["etag"]}"'}
    answer = manager.put(f"/services/{world.diary.service}/reminders", {"minutes": minutes}, **tag)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["minutes"])


def test_prometheus_and_the_doctor_are_told_what_waits_too_long(mails: Post, clock: FakeClock) -> None:
    client = mails.world.app.test_client()
    assert "clinic_messages_overdue 0.0" in client.get("/metrics").get_data(as_text=True)
    clock.advance(timedelta(minutes=7))
    told = client.get("/metrics").get_data(as_text=True)
    assert "clinic_messages_overdue 1.0" in told
    assert "clinic_messages_oldest_overdue_seconds 420.0" in told
    found = doctor.examine(mails.world.parts.settings, clock=clock)
    late = "Messages that should have left more than five minutes ago: 1."
    assert [one.well for one in found if one.sentence.startswith(late)] == [False]
    mails.run()
    assert "clinic_messages_overdue 0.0" in client.get("/metrics").get_data(as_text=True)


def test_there_is_no_mailbox_outside_the_demo(world: World) -> None:
    assert world.browser().get("/demo/mailbox").status_code == 404
