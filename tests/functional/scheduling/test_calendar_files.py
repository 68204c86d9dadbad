"""What leaves the clinic as calendar files: with letters, on request, by subscription; neutral and exact."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.access.actor import Actor
from clinic.audit.models import AuditEntry
from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import Account, AccountStatus, Patient
from clinic.ids import PractitionerId
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.channels.message import message_of
from clinic.scheduling.models import CalendarFeed
from tests.functional.scheduling.conftest import Browser, World, wish
from tests.readers.calendars import Event, File, read_alike


@pytest.fixture
def patient(world: World) -> Browser:
    """The first patient, who has an address and reads English."""
    fields = world.parts.vault.fields
    with transaction(world.parts.database) as session:
        for person in session.scalars(select(Patient)):
            person.email_sealed = fields.seal(person.id, "patient.email", f"{person.id}@clinic.example")
        for account in session.scalars(select(Account)):
            account.language = "en"
    return world.browser(world.diary.patient_actors[0])


def mails(world: World) -> list[EmailMessage]:
    """Let the worker send what is due; return it as mail servers get it."""
    channel = MemoryChannel()
    office = post.office(world.app.extensions)
    office.channel = channel
    tasks.send_due(world.parts.database, world.parts.clock, office)
    return [
        message_of(letter, sender="no-reply@localhost", address=address) for address, letter in channel.sent
    ]


def attached(mail: EmailMessage) -> bytes:
    """Return the calendar file of a mail."""
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_filename() == "appointment.ics"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert f"METHOD:{part['Content-Type'].params['method']}\r\n".encode() in content
    return content


def book(patient: Browser, slot: dict[str, object]) -> dict[str, object]:
    """Book a free time."""
    response = patient.post("/appointments", wish(slot))
    assert response.status_code == 201, response.get_json()
    found: dict[str, object] = response.get_json()
    return found


def test_letters_bring_the_visit_its_moves_and_its_end_to_the_patients_calendar(
    world: World, patient: Browser
) -> None:
    slots = world.slots()[::-1]
    visit = book(patient, slots[0])
    files = [attached(mail) for mail in mails(world)]
    moved = patient.post(f"/appointments/{visit['id']}/reschedule", {"starts_at": slots[2]["starts_at"]})
    assert moved.status_code == 200
    files += [attached(mail) for mail in mails(world)]
    assert patient.post(f"/appointments/{visit['id']}/cancel").status_code == 200
    files += [attached(mail) for mail in mails(world)]
    booked, changed, cancelled = read_alike(files)
    assert [file.method for file in (booked, changed, cancelled)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {event_of(file).uid for file in (booked, changed, cancelled)} == {visit["id"]}
    versions = [event_of(file).sequence for file in (booked, changed, cancelled)]
    assert versions == sorted(set(versions))
    assert event_of(booked).starts_at == datetime.fromisoformat(slots[0]["starts_at"])
    assert event_of(changed).starts_at == datetime.fromisoformat(slots[2]["starts_at"])
    assert event_of(changed).ends_at == datetime.fromisoformat(slots[2]["ends_at"])
    assert event_of(cancelled).status == "CANCELLED"
    assert event_of(booked).attendees == (f"mailto:{world.diary.patients[0]}@clinic.example",)


def event_of(file: File) -> Event:
    """Return the one entry of a file."""
    (event,) = file.events
    return event


def test_a_file_says_that_and_when_and_neither_with_whom_nor_what_for(world: World, patient: Browser) -> None:
    visit = book(patient, world.slots()[0])
    response = patient.get(f"/appointments/{visit['id']}/calendar.ics")
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    text = response.get_data(as_text=True)
    for word in (visit["practitioner_name"], visit["service_name"], visit["patient_name"]):
        assert str(word) not in text
    (file,) = read_alike([response.get_data()])
    event = event_of(file)
    assert (file.method, event.summary, event.tz) == ("PUBLISH", "Appointment", "UTC")
    assert event.description.startswith(
        f"{datetime.fromisoformat(str(visit['local'])):%d/%m/%Y %H:%M} Asia/Jer"
    )
    zoned = patient.get(f"/appointments/{visit['id']}/calendar.ics", times="zone")
    (file,) = read_alike([zoned.get_data()])
    assert event_of(file).tz == "Asia/Jerusalem"
    assert event_of(file).starts_at == event.starts_at


@pytest.mark.parametrize(
    ("language", "title"), [("ar", "موعد"), ("fr", "Rendez-vous"), ("en", "Appointment")]
)
def test_titles_are_in_the_readers_language(
    world: World, patient: Browser, language: str, title: str
) -> None:
    visit = book(patient, world.slots()[0])
    with transaction(world.parts.database) as session:
        session.get_one(Account, world.diary.patient_actors[0].account_id).language = language
    response = patient.get(f"/appointments/{visit['id']}/calendar.ics")
    assert f"SUMMARY:{title}\r\n" in response.get_data(as_text=True)


def test_a_visit_of_others_has_no_file(world: World, patient: Browser) -> None:
    visit = book(patient, world.slots()[0])
    other = world.browser(world.diary.patient_actors[1])
    assert other.get(f"/appointments/{visit['id']}/calendar.ics").status_code == 404
    assert world.browser().get(f"/appointments/{visit['id']}/calendar.ics").status_code == 401
    bad = patient.get(f"/appointments/{visit['id']}/calendar.ics", times="floating")
    assert (bad.status_code, list(bad.get_json()["errors"])) == (422, ["times"])


def subscribe(browser: Browser, **body: object) -> dict[str, str]:
    """Make a feed; return what is told of it."""
    response = browser.post("/me/calendar-feeds", body)
    assert response.status_code == 201, response.get_json()
    found: dict[str, str] = response.get_json()
    return found


def asked(world: World, address: str) -> list[Event]:
    """Return what a calendar program finds at an address."""
    response = world.app.test_client().get(path_of(world, address))
    assert response.status_code == 200, response.get_data(as_text=True)
    assert "no-store" in response.headers["Cache-Control"]
    (file,) = read_alike([response.get_data()])
    assert file.method == "PUBLISH"
    return list(file.events)


def path_of(world: World, address: str) -> str:
    """Return the path of an address of this clinic."""
    base = world.parts.settings.base_url
    assert address.startswith(f"{base}/calendar/")
    return address.removeprefix(base)


def status_of(world: World, address: str) -> int:
    """Return how an address answers."""
    return world.app.test_client().get(path_of(world, address)).status_code


def test_a_feed_follows_the_patients_visits_and_no_one_elses(world: World, patient: Browser) -> None:
    slots, other = world.slots()[::-1], world.browser(world.diary.patient_actors[1])
    book(other, slots[1])
    visit, address = book(patient, slots[0]), subscribe(patient)["address"]
    (event,) = asked(world, address)
    assert (event.uid, event.summary) == (visit["id"], "Appointment")
    patient.post(f"/appointments/{visit['id']}/reschedule", {"starts_at": slots[2]["starts_at"]})
    (event,) = asked(world, address)
    assert event.starts_at == datetime.fromisoformat(slots[2]["starts_at"])
    patient.post(f"/appointments/{visit['id']}/cancel")
    assert asked(world, address) == []


def test_only_who_asks_for_names_gets_them(world: World, patient: Browser) -> None:
    visit = book(patient, world.slots()[0])
    (event,) = asked(world, subscribe(patient, detail="names")["address"])
    assert event.summary == f"Appointment: {visit['service_name']}, {visit['practitioner_name']}"


def test_a_practitioners_feed_never_names_a_patient(world: World, patient: Browser) -> None:
    visit = book(patient, world.slots()[0])
    whose = world.diary.practitioners.index(PractitionerId(UUID(str(visit["practitioner"]))))
    therapist = world.browser(world.diary.therapist_actors[whose])
    (event,) = asked(world, subscribe(therapist)["address"])
    assert (event.uid, event.summary) == (visit["id"], "Appointment")
    address = subscribe(therapist, detail="names")["address"]
    (event,) = asked(world, address)
    assert event.summary == "Appointment: Follow-up"
    with snapshot(world.parts.database) as session:
        trail = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("calendar_feed.%"))
        ).all()
    assert sorted(trail) == ["calendar_feed.create"] * 2 + ["calendar_feed.read"] * 2


def test_the_desk_has_no_visits_of_its_own_to_subscribe_to(world: World) -> None:
    response = world.browser(world.diary.desk).post("/me/calendar-feeds", {})
    assert (response.status_code, response.get_json()["code"]) == (403, "not_permitted")


def test_a_renewed_or_ended_address_shows_nothing(world: World, patient: Browser) -> None:
    book(patient, world.slots()[0])
    made = subscribe(patient)
    renewed = patient.post(f"/me/calendar-feeds/{made['id']}/renew").get_json()
    assert status_of(world, made["address"]) == 404
    assert len(asked(world, renewed["address"])) == 1
    (listed,) = patient.get("/me/calendar-feeds").get_json()["items"]
    assert set(listed) == {"id", "detail", "created_at", "renewed_at"}
    assert patient.delete(f"/me/calendar-feeds/{made['id']}").status_code == 204
    assert status_of(world, renewed["address"]) == 404
    assert patient.get("/me/calendar-feeds").get_json()["items"] == []
    assert patient.delete(f"/me/calendar-feeds/{made['id']}").status_code == 404


def test_the_account_that_is_closed_takes_its_feeds_with_it(world: World, patient: Browser) -> None:
    actor: Actor = world.diary.therapist_actors[0]
    address = subscribe(world.browser(actor))["address"]
    assert status_of(world, address) == 200
    with transaction(world.parts.database) as session:
        session.get_one(Account, actor.account_id).status = AccountStatus.DISABLED
    assert status_of(world, address) == 404


def test_every_address_that_is_not_there_answers_alike(world: World, patient: Browser) -> None:
    made = subscribe(patient)
    patient.delete(f"/me/calendar-feeds/{made['id']}")
    ended = world.app.test_client().get(path_of(world, made["address"]))
    wrong = world.app.test_client().get("/calendar/" + "x" * 43 + ".ics")
    assert ended.status_code == wrong.status_code == 404
    assert ended.get_data() == wrong.get_data()


def test_of_a_token_only_the_hash_is_kept(world: World, patient: Browser) -> None:
    address = subscribe(patient)["address"]
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    with snapshot(world.parts.database) as session:
        kept = session.scalars(select(CalendarFeed.token_hash)).all()
    assert kept == [hashlib.sha256(token.encode()).digest()]
    assert len(token) == 43


def test_a_retry_makes_no_second_feed_and_shows_no_address(world: World, patient: Browser) -> None:
    key = {"Idempotency-Key": "one"}
    first = patient.post("/me/calendar-feeds", {}, **key).get_json()
    again = patient.post("/me/calendar-feeds", {}, **key).get_json()
    assert (again["id"], again["address"]) == (first["id"], None)
    assert len(patient.get("/me/calendar-feeds").get_json()["items"]) == 1


def test_five_feeds_are_enough(world: World, patient: Browser) -> None:
    for _ in range(5):
        subscribe(patient)
    response = patient.post("/me/calendar-feeds", {})
    assert (response.status_code, response.get_json()["code"]) == (409, "too_many_feeds")


def test_somebody_elses_feed_cannot_be_touched(world: World, patient: Browser) -> None:
    made, other = subscribe(patient), world.browser(world.diary.patient_actors[1])
    assert other.post(f"/me/calendar-feeds/{made['id']}/renew").status_code == 404
    assert other.delete(f"/me/calendar-feeds/{made['id']}").status_code == 404
    assert status_of(world, made["address"]) == 200


def test_guessing_and_hammering_are_slowed_down(world: World, patient: Browser) -> None:
    address = subscribe(patient)["address"]
    assert [status_of(world, address) for _ in range(121)].count(429) == 1
    client = world.app.test_client()
    guesses = [client.get(f"/calendar/{number:043}.ics").status_code for number in range(31)]
    assert guesses == [404] * 30 + [429]


def test_visits_long_past_are_left_out(world: World, patient: Browser) -> None:
    book(patient, world.slots()[0])
    address = subscribe(patient)["address"]
    world.parts.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]
    assert asked(world, address) == []
