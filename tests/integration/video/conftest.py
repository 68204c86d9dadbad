"""A video visit that is about to begin, and short ways to act in its room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.bus import EventBus
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.ids import new_id
from clinic.scheduling.models import Attendance
from clinic.vault import Vault
from clinic.video.events import LocationGiven, RoomChanged, RoomEnded, SeatTakenOver
from clinic.video.models import Room
from clinic.video.queries.rooms import room_of
from clinic.video.rules import room as rules
from clinic.video.rules.visit import Visit
from clinic.video.services import door, location, seats
from clinic.video.services.seats import Place
from tests.factories.scheduling import Diary, make_diary
from tests.factories.visits import book_visit
from tests.fakes.clock import FakeClock


@dataclass
class Scene:
    """One visit's room on one database; every act is a transaction of its own."""

    database: Database
    vault: Vault
    clock: FakeClock
    diary: Diary
    visit: Visit
    heard: list[object] = field(default_factory=list)

    @property
    def patient(self) -> Actor:
        """The patient of the visit."""
        return self.diary.patient_actors[0]

    @property
    def therapist(self) -> Actor:
        """The practitioner of the visit."""
        return self.diary.therapist_actors[0]

    @contextmanager
    def act(self) -> Iterator[Session]:
        """Act in a transaction."""
        with transaction(self.database) as session:
            yield session

    def ticket(self, actor: Actor) -> str:
        """Press Join."""
        with self.act() as session:
            return door.open_room(session, actor=actor, clock=self.clock, appointment_id=self.visit.id).ticket

    def join(
        self, actor: Actor, socket: str, *, page: UUID | None = None, ticket: str | None = None
    ) -> Place:
        """Join with a fresh page unless one is given."""
        ticket = ticket or self.ticket(actor)
        with self.act() as session:
            return seats.join(
                session,
                actor=actor,
                clock=self.clock,
                token=ticket,
                instance=page or new_id(),
                connection=socket,
            )

    def admit(self, by: Place, whom: Place) -> None:
        """Let somebody in."""
        with self.act() as session:
            seats.admit(
                session,
                actor=self.therapist,
                clock=self.clock,
                place=by,
                seat_id=whom.seat_id,
                epoch=self.room().epoch,
            )

    def call(self) -> tuple[Place, Place]:
        """Bring both sides in; return therapist's and patient's place."""
        therapist, patient = self.join(self.therapist, "t1"), self.join(self.patient, "p1")
        self.admit(therapist, patient)
        return therapist, patient

    def drop(self, place: Place) -> None:
        """Lose a line."""
        with self.act() as session:
            seats.drop(session, clock=self.clock, place=place)

    def leave(self, actor: Actor, place: Place) -> None:
        """Hang up."""
        with self.act() as session:
            seats.leave(session, actor=actor, clock=self.clock, place=place, epoch=self.room().epoch)

    def end(self, place: Place) -> None:
        """End the call."""
        with self.act() as session:
            seats.end(session, actor=self.therapist, clock=self.clock, place=place, epoch=self.room().epoch)

    def locate(self, place: Place, where: str, phone: str = "") -> None:
        """Say where one is."""
        with self.act() as session:
            location.give(
                session,
                actor=self.patient,
                clock=self.clock,
                vault=self.vault,
                place=place,
                epoch=self.room().epoch,
                where=where,
                phone=phone,
            )

    def row(self) -> Room:
        """Return the room's row."""
        with self.act() as session:
            room = room_of(session, appointment_id=self.visit.id)
            assert room is not None
            return room

    def room(self) -> rules.Room:
        """Return the room."""
        return self.row().value

    def attendance(self) -> list[tuple[str, float, float | None]]:
        """Return who was there from when to when, in minutes from the start."""
        with self.act() as session:
            rows = session.scalars(select(Attendance).order_by(Attendance.joined_at, Attendance.id)).all()
        start = self.visit.starts_at

        def minutes(at: object) -> float:
            return (at - start).total_seconds() / 60  # type: ignore[operator,no-any-return]

        return [
            (row.seat.value, minutes(row.joined_at), None if row.left_at is None else minutes(row.left_at))
            for row in rows
        ]


@pytest.fixture
def scene(database: Database, bus: EventBus, vault: Vault, clock: FakeClock) -> Scene:
    """A visit that begins in five minutes."""
    diary = make_diary(database, vault)
    visit = book_visit(database, vault, clock, diary)
    clock.set(visit.starts_at - timedelta(minutes=5))
    found = Scene(database, vault, clock, diary, visit)
    for kind in (RoomChanged, RoomEnded, SeatTakenOver, LocationGiven):
        bus.after_commit(kind, found.heard.append)
    return found
