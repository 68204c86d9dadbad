"""A diary on each database, and short ways to act in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.identity.services.relationships import relate
from clinic.ids import AppointmentId, PatientId, PractitionerId, new_id
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.practitioners import ANYBODY, Wish
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services import booking, holds, moving
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.reading import Reader
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary
from tests.fakes.clock import FakeClock


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """Two practitioners, two patients, one service."""
    return make_diary(database, vault)


@dataclass(frozen=True, slots=True)
class Clinic:
    """The diary's use cases, each in a transaction of its own."""

    database: Database
    vault: Vault
    clock: FakeClock
    diary: Diary

    def act(self) -> AbstractContextManager[Session]:
        """Return a transaction."""
        return transaction(self.database)

    def slots(self, wish: Wish = ANYBODY, *, limit: int = 5, by_staff: bool = False) -> list[FoundSlot]:
        """Search as anyone may."""
        with snapshot(self.database) as session:
            search = SlotSearch(self.diary.service, wish, limit=limit)
            return find_slots(session, search, now=self.clock.now(), by_staff=by_staff)

    def first(self, practitioner: int = 0) -> FoundSlot:
        """Return a practitioner's first free slot."""
        return self.slots(Wish(self.diary.practitioners[practitioner]))[0]

    def wanted(
        self, slot: FoundSlot, *, starts_at: datetime | None = None, modality: Modality = Modality.VIDEO
    ) -> Wanted:
        """Return the wish for `slot`."""
        return Wanted(slot.service, slot.practitioner, starts_at or slot.starts_at, modality)

    def book(
        self,
        actor: Actor,
        wanted: Wanted,
        *,
        patient: PatientId | None = None,
        hold: AppointmentId | None = None,
        reason: str | None = None,
        override: str | None = None,
    ) -> Appointment:
        """Book."""
        with self.act() as session:
            return booking.book(
                session,
                actor=actor,
                clock=self.clock,
                fields=self.vault.fields,
                appointment_id=AppointmentId(new_id()),
                booking=booking.Booking(wanted, patient, hold, reason, override),
            )

    def hold(self, actor: Actor, wanted: Wanted, *, address: bytes = b"a" * 16) -> Appointment:
        """Hold."""
        with self.act() as session:
            return holds.hold(
                session,
                actor=actor,
                clock=self.clock,
                hold_id=AppointmentId(new_id()),
                wanted=wanted,
                address=address,
            )

    def move(
        self,
        actor: Actor,
        visit: AppointmentId,
        starts_at: datetime,
        *,
        practitioner: PractitionerId | None = None,
        override: str | None = None,
        version: int | None = None,
        reserved: bool = False,
    ) -> Appointment:
        """Move."""
        with self.act() as session:
            return moving.reschedule(
                session,
                actor=actor,
                clock=self.clock,
                fields=self.vault.fields,
                appointment_id=visit,
                move=moving.Move(starts_at, practitioner, override, reserved),
                version=version,
            )

    @contextmanager
    def meanwhile(self, act: Callable[[], object], *, before: str) -> Iterator[None]:
        """Let somebody else's `act` come in before the first statement with these words is done.

        SQLite has one writer: there it is done first of all.
        """
        waits = [act]
        if self.database.dialect == "sqlite":
            waits.pop()()

        def comes(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
            if waits and before in statement:
                waits.pop()()

        event.listen(self.database.engine, "before_cursor_execute", comes)
        try:
            yield
        finally:
            event.remove(self.database.engine, "before_cursor_execute", comes)
        assert not waits

    def claim(self, therapist: Actor, patient: PatientId) -> None:
        """Let a practitioner say that a patient is theirs; nobody has vouched for it."""
        assert therapist.practitioner_id is not None
        with self.act() as session:
            relate(
                session,
                actor=therapist,
                clock=self.clock,
                patient_id=patient,
                practitioner_id=therapist.practitioner_id,
            )

    def row(self, appointment_id: AppointmentId) -> Appointment:
        """Read a row."""
        with self.act() as session:
            return session.get_one(Appointment, appointment_id)

    def visits_at(self, starts_at: datetime) -> Sequence[Appointment]:
        """Read the rows that start then."""
        with self.act() as session:
            return session.scalars(select(Appointment).where(Appointment.starts_at == starts_at)).all()

    def reader(self, actor: Actor, language: str = "en") -> Reader:
        """Return `actor` as a reader."""
        return Reader(actor, self.clock, self.vault, language)


@pytest.fixture
def clinic(database: Database, vault: Vault, clock: FakeClock, diary: Diary) -> Clinic:
    """The diary and its use cases."""
    return Clinic(database, vault, clock, diary)
