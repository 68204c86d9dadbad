"""Reminders on both databases: queued with the booking, looked up again when they leave, once each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from clinic.bus import EventBus
from clinic.db.transaction import snapshot, transaction
from clinic.identity.letters import Directory
from clinic.identity.models import Account, AccountStatus, Guardianship, Patient
from clinic.ids import PatientId, new_id
from clinic.notifications import tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.models import OutboxMessage, OutboxState
from clinic.notifications.ports import Letter, NotSent
from clinic.notifications.post import Office
from clinic.scheduling import letters
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import guarded
from clinic.scheduling.services.calendar_files import Writer
from clinic.scheduling.services.telling import REMINDER, Telling
from clinic.scheduling.subscribers import subscribe
from clinic.scheduling.tasks import plan_reminders
from clinic.vault import Vault
from tests.fakes.clock import FakeClock
from tests.integration.scheduling.conftest import Clinic

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
USUAL = (7 * DAY, 2 * DAY, 2 * HOUR)


@dataclass(slots=True)
class Moody(MemoryChannel):
    """A channel that is closed while it is told so."""

    closed: NotSent | None = None
    sent: list[tuple[str, Letter]] = field(default_factory=list)

    def send(self, address: str, letter: Letter) -> None:
        """Keep the letter or refuse it."""
        if self.closed is not None:
            raise self.closed
        self.sent.append((address, letter))


@dataclass(frozen=True, slots=True)
class Desk:
    """The diary with its post office."""

    clinic: Clinic
    telling: Telling
    office: Office
    mail: Moody
    texts: Moody

    @property
    def clock(self) -> FakeClock:
        """Return the clinic's clock."""
        return self.clinic.clock

    def book(self, patient: int = 0, days: int = 10) -> Appointment:
        """Book a visit so many days ahead for a patient."""
        slots = self.clinic.slots(limit=200)
        wanted = next(one for one in slots if one.starts_at >= self.clock.now() + days * DAY)
        visit = self.clinic.book(self.clinic.diary.patient_actors[patient], self.clinic.wanted(wanted))
        self.run()
        self.forget()
        return visit

    def move(self, visit: Appointment, starts_at: datetime) -> None:
        """Move a visit."""
        self.clinic.move(self.clinic.diary.desk, visit.id, starts_at)
        self.run()
        self.forget()

    def at(self, instant: datetime) -> list[tuple[str, Letter]]:
        """Let the worker run at `instant` and return what left."""
        self.clock.set(instant)
        self.run()
        found = [*self.mail.sent, *self.texts.sent]
        self.forget()
        return found

    def run(self) -> None:
        """Let the worker send what is due."""
        tasks.send_due(self.clinic.database, self.clock, self.office)

    def forget(self) -> None:
        """Forget what has left."""
        self.mail.sent.clear()
        self.texts.sent.clear()

    def reminders(self) -> list[tuple[OutboxState, str | None]]:
        """Return what became of the reminders, in the order of their time."""
        with snapshot(self.clinic.database) as session:
            rows = session.scalars(
                select(OutboxMessage)
                .where(OutboxMessage.kind == REMINDER)
                .order_by(OutboxMessage.created_at, OutboxMessage.dedupe)
            )
            return [(row.state, row.reason) for row in rows]


@pytest.fixture
def desk(clinic: Clinic, bus: EventBus, vault: Vault) -> Desk:
    """The diary on each database, with real directory and letters; patients have an address."""
    telling = Telling(clinic.clock, vault.fields, USUAL)
    mail, texts = Moody(), Moody()
    office = Office(channel=mail, clinic_name="Sakina", directory=Directory(vault.fields), texts=texts)
    letters.register(office.kinds, Writer("https://clinic.example", clinic.clock), telling)
    subscribe(bus, telling)
    return Desk(clinic, telling, office, mail, texts)


def test_each_reminder_leaves_once_at_its_time(desk: Desk) -> None:
    visit = desk.book()
    for step in USUAL:
        assert desk.at(visit.starts_at - step - timedelta(minutes=1)) == []
        ((address, letter),) = desk.at(visit.starts_at - step)
        assert address.endswith("@clinic.example")
        assert letters.spoken(visit.wall_start, "en") in letter.text
        assert letter.text.count("https://clinic.example/visits\n") == 1
        assert desk.at(visit.starts_at - step + HOUR) == []
    assert desk.reminders() == [(OutboxState.SENT, None)] * 3


def test_a_visit_that_is_called_off_is_not_reminded_of(desk: Desk) -> None:
    visit = desk.book()
    with desk.clinic.act() as session:
        row = session.get_one(Appointment, visit.id)
        guarded.change(session, row, status=Status.CANCELLED)
    assert desk.at(visit.starts_at - 2 * DAY) == []
    assert desk.at(visit.starts_at - HOUR) == []
    assert desk.reminders() == [(OutboxState.DROPPED, "no_longer_so")] * 3


def test_a_visit_that_moves_is_reminded_of_at_its_new_time_alone(desk: Desk) -> None:
    visit = desk.book()
    first = visit.starts_at
    desk.move(visit, first - HOUR)
    assert len(desk.at(first - HOUR - 2 * DAY)) == 1
    assert desk.at(first - 2 * DAY) == [], "the old reminder has nothing left to say"
    assert len(desk.at(first - HOUR - 2 * HOUR)) == 1
    assert desk.at(first - 2 * HOUR) == []


def test_a_visit_that_moves_away_and_back_is_reminded_of_once(desk: Desk) -> None:
    visit = desk.book()
    first = visit.starts_at
    desk.move(visit, first + DAY)
    desk.move(visit, first)
    assert len(desk.at(first - 2 * DAY)) == 1
    assert desk.at(first + DAY - 2 * DAY) == []
    assert len(desk.at(first - 2 * HOUR)) == 1


def test_of_reminders_that_are_late_only_the_nearest_leaves(desk: Desk) -> None:
    visit = desk.book()
    assert len(desk.at(visit.starts_at - HOUR)) == 1
    dropped = (OutboxState.DROPPED, "no_longer_so")
    assert sorted(desk.reminders()) == [dropped, dropped, (OutboxState.SENT, None)]


def test_a_reminder_that_fails_until_the_visit_begins_is_dropped(desk: Desk) -> None:
    visit = desk.book()
    desk.mail.closed = NotSent("smtp_OSError")
    desk.at(visit.starts_at - 2 * HOUR)
    desk.mail.closed = None
    assert desk.at(visit.starts_at) == []


def test_who_wants_no_reminders_gets_none_and_still_hears_of_changes(desk: Desk) -> None:
    visit = desk.book()
    with transaction(desk.clinic.database) as session:
        for account in session.scalars(select(Account)):
            account.reminders_wanted = False
    assert desk.at(visit.starts_at - 7 * DAY) == []
    assert (OutboxState.DROPPED, "declined") in desk.reminders()
    desk.clinic.move(desk.clinic.diary.desk, visit.id, visit.starts_at + HOUR)
    assert len(desk.at(desk.clock.now())) == 1


def _only_a_phone(desk: Desk, patient: PatientId) -> None:
    """Leave a patient without account and address."""
    fields = desk.clinic.vault.fields
    with transaction(desk.clinic.database) as session:
        row = session.get_one(Patient, patient)
        row.account_id = row.email_sealed = row.email_index = None
        row.phone_sealed = fields.seal(row.id, "patient.phone", "+970591234567")


def test_who_has_no_mail_is_written_to_by_text_message(desk: Desk) -> None:
    visit = desk.book()
    _only_a_phone(desk, desk.clinic.diary.patients[0])
    ((number, letter),) = desk.at(visit.starts_at - 2 * DAY)
    assert number == "+970591234567"
    assert letter.short.startswith("Sakina: A reminder of your visit: ")
    assert letter.short.endswith(", clinic time. https://clinic.example/visits")


def test_whose_account_is_shut_is_still_reached_by_the_number_on_file(desk: Desk) -> None:
    visit, fields = desk.book(), desk.clinic.vault.fields
    with transaction(desk.clinic.database) as session:
        row = session.get_one(Patient, desk.clinic.diary.patients[0])
        session.get_one(Account, row.account_id).status = AccountStatus.DISABLED
        row.email_sealed = row.email_index = None
        row.phone_sealed = fields.seal(row.id, "patient.phone", "+970591234567")
    assert [to for to, _ in desk.at(visit.starts_at - 2 * DAY)] == ["+970591234567"]


def test_who_has_no_mail_and_wants_no_reminders_is_not_said_to_be_unreachable(desk: Desk) -> None:
    visit = desk.book()
    _only_a_phone(desk, desk.clinic.diary.patients[0])
    with transaction(desk.clinic.database) as session:
        session.get_one(Patient, desk.clinic.diary.patients[0]).reminders_wanted = False
    assert desk.at(visit.starts_at - 7 * DAY) == []
    assert (OutboxState.DROPPED, "declined") in desk.reminders()


def test_where_no_texts_are_sent_the_desk_hears_that_somebody_was_not_reached(desk: Desk) -> None:
    visit = desk.book()
    _only_a_phone(desk, desk.clinic.diary.patients[0])
    desk.office.texts = None
    assert desk.at(visit.starts_at - 7 * DAY) == []
    assert (OutboxState.DROPPED, "unreachable") in desk.reminders()


def test_a_number_that_will_never_do_gives_way_to_the_mail_address(desk: Desk) -> None:
    visit, fields = desk.book(), desk.clinic.vault.fields
    with transaction(desk.clinic.database) as session:
        row = session.get_one(Patient, desk.clinic.diary.patients[0])
        row.phone_sealed = fields.seal(row.id, "patient.phone", "+970591234567")
        for account in session.scalars(select(Account)):
            account.sms_wanted = True
    desk.texts.closed = NotSent("sms_422", final=True)
    ((address, _),) = desk.at(visit.starts_at - 2 * DAY)
    assert address.endswith("@clinic.example")


def test_a_service_reminds_at_its_own_times(desk: Desk) -> None:
    with transaction(desk.clinic.database) as session:
        session.get_one(Service, desk.clinic.diary.service).reminder_minutes = [60]
    visit = desk.book()
    assert desk.at(visit.starts_at - 2 * DAY) == []
    assert len(desk.at(visit.starts_at - HOUR)) == 1
    assert desk.reminders() == [(OutboxState.SENT, None)]


def test_what_no_booking_has_queued_is_added_and_never_twice(desk: Desk) -> None:
    visit = desk.book()
    with transaction(desk.clinic.database) as session:
        session.get_one(Service, desk.clinic.diary.service).reminder_minutes = [180, 120]
    desk.clock.set(visit.starts_at - 12 * HOUR)
    for _ in range(3):
        assert plan_reminders(desk.clinic.database, desk.telling) == 1
    assert len(desk.reminders()) == 4
    assert len(desk.at(visit.starts_at - 3 * HOUR)) == 1
    assert len(desk.at(visit.starts_at - 2 * HOUR)) == 1


def test_a_visit_that_cannot_be_read_stops_no_other_from_being_reminded_of(desk: Desk) -> None:
    broken, fine = desk.book(), desk.book(patient=1)
    clinic, now = desk.clinic, desk.clock.now()
    with transaction(clinic.database) as session:
        session.get_one(Service, clinic.diary.service).reminder_minutes = [180]
        session.add(
            Guardianship(
                id=new_id(),
                account_id=clinic.diary.desk.account_id,
                patient_id=clinic.diary.patients[0],
                starts_at=now,
                ends_at=now + 900 * DAY,
                private_sealed=b"sealed under a key that is lost",
                verified_by=clinic.diary.desk.account_id,
                verified_at=now,
            )
        )
    desk.clock.set(broken.starts_at - 12 * HOUR)
    assert plan_reminders(clinic.database, desk.telling) == 2
    ((_, letter),) = desk.at(fine.starts_at - 3 * HOUR)
    assert letters.spoken(fine.wall_start, "en") in letter.text
