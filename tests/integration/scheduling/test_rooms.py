"""Rooms: in-person visits find one or are not offered; the desk moves them to another."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from clinic.access.actor import SYSTEM, Actor
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import Conflict, Invalid, NotFound, PreconditionFailed
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.models import Appointment, AvailabilityRule, Location
from clinic.scheduling.queries.appointments import Period, Visit
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services import reading, rooms
from clinic.scheduling.services.catalogue import create_site
from clinic.vault import Vault
from tests.factories.scheduling import PLACE, Diary, make_diary, make_room
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.test_contention import at_once

MANY = 8


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """Many practitioners at one site."""
    return make_diary(database, vault, patients=MANY, practitioners=MANY)


@pytest.fixture
def two(clinic: Clinic) -> tuple[UUID, UUID]:
    """Rooms 9 and 10, made the other way round."""
    ten, nine = (make_room(clinic.database, clinic.diary.site, f"Room {number}") for number in (10, 9))
    return nine, ten


def in_person(clinic: Clinic, modality: Modality | None = Modality.IN_PERSON) -> list[FoundSlot]:
    with clinic.act() as session:
        search = SlotSearch(clinic.diary.service, modality=modality, limit=8)
        return find_slots(session, search, now=clinic.clock.now())


def book(clinic: Clinic, number: int, modality: Modality = Modality.IN_PERSON) -> Appointment:
    wanted = clinic.wanted(clinic.first(number), modality=modality)
    return clinic.book(clinic.diary.patient_actors[number], wanted)


def assign(clinic: Clinic, visit: Appointment, room: UUID | None, version: int | None = None) -> Appointment:
    with clinic.act() as session:
        return rooms.assign(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            appointment_id=visit.id,
            room=room,
            version=version,
        )


def seen_by(clinic: Clinic, actor: Actor) -> list[Visit]:
    with clinic.act() as session:
        return reading.listed(session, clinic.reader(actor), Period())


def test_the_lowest_free_room_is_taken_and_then_none_is_offered(
    clinic: Clinic, two: tuple[UUID, UUID]
) -> None:
    first = clinic.first().starts_at
    offered = {slot.starts_at for slot in in_person(clinic)}
    assert [book(clinic, number).room_id for number in (0, 1)] == list(two)
    assert (first in offered, first in {slot.starts_at for slot in in_person(clinic)}) == (True, False)
    with pytest.raises(Conflict) as caught:
        book(clinic, 2)
    assert caught.value.code == "slot_taken"
    near = caught.value.facts["alternatives"]
    assert isinstance(near, list)
    assert len(near) == 3
    assert first.isoformat() not in {slot["starts_at"] for slot in near}
    assert book(clinic, 2, Modality.VIDEO).room_id is None


def test_a_time_without_a_room_is_offered_to_whoever_does_not_mind(
    clinic: Clinic, two: tuple[UUID, UUID]
) -> None:
    first = clinic.first().starts_at
    for number in (0, 1):
        book(clinic, number)
    assert first in {slot.starts_at for slot in in_person(clinic, None)}


def test_a_site_without_rooms_does_not_manage_them(clinic: Clinic) -> None:
    assert {book(clinic, number).room_id for number in range(3)} == {None}


def test_a_visit_at_another_site_takes_a_room_there(clinic: Clinic) -> None:
    make_room(clinic.database, clinic.diary.site, "1")
    with transaction(clinic.database) as session:
        away = create_site(session, actor=SYSTEM, clock=clinic.clock, names=PLACE, tz="Asia/Hebron")
        rules = update(AvailabilityRule).where(
            AvailabilityRule.practitioner_id == clinic.diary.practitioners[0]
        )
        session.execute(rules.values(site_id=away))
    room = make_room(clinic.database, away, "A")
    visit = book(clinic, 0)
    assert (visit.room_id, visit.site_id) == (room, away)
    assert assign(clinic, visit, room).room_id == room
    [shown] = seen_by(clinic, clinic.diary.patient_actors[0])
    assert (shown.site, shown.site_name) == (away, PLACE["en"])


def test_a_room_out_of_use_takes_no_visit(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    with transaction(clinic.database) as session:
        session.get_one(Location, two[0]).active = False
    assert book(clinic, 0).room_id == two[1]


def test_a_lapsed_hold_keeps_no_room(clinic: Clinic) -> None:
    room = make_room(clinic.database, clinic.diary.site, "1")
    later = clinic.slots(limit=40)[-1].starts_at
    slots = [slot for slot in clinic.slots(limit=40) if slot.starts_at == later]
    held = clinic.hold(clinic.diary.patient_actors[0], clinic.wanted(slots[0], modality=Modality.IN_PERSON))
    assert held.room_id == room
    with pytest.raises(Conflict, match="slot_taken"):
        clinic.book(clinic.diary.patient_actors[1], clinic.wanted(slots[1], modality=Modality.IN_PERSON))
    clinic.clock.advance(timedelta(minutes=11))
    row = clinic.book(clinic.diary.patient_actors[1], clinic.wanted(slots[1], modality=Modality.IN_PERSON))
    assert row.room_id == room


def test_a_held_room_stays_with_the_visit(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    patient, wanted = (
        clinic.diary.patient_actors[0],
        clinic.wanted(clinic.first(), modality=Modality.IN_PERSON),
    )
    held = clinic.hold(patient, wanted)
    assert clinic.book(patient, wanted, hold=held.id).room_id == held.room_id == two[0]


def test_a_move_chooses_a_room_anew(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    early, visit = book(clinic, 0), book(clinic, 1)
    assert (early.room_id, visit.room_id) == two
    moved = clinic.move(clinic.diary.desk, visit.id, visit.starts_at + timedelta(hours=1))
    assert moved.room_id == two[0]
    again = clinic.move(clinic.diary.desk, visit.id, visit.starts_at)
    assert again.room_id == two[1]


def test_many_at_once_share_two_rooms(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    outcomes = at_once([lambda number=number: book(clinic, number) for number in range(MANY)])  # type: ignore[misc]
    assert outcomes == {"done": 2, "slot_taken": MANY - 2}


def test_the_desk_puts_a_visit_in_another_room(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    visit, other = book(clinic, 0), book(clinic, 1)
    with clinic.act() as session:
        found = rooms.choices(session, actor=clinic.diary.desk, clock=clinic.clock, appointment_id=visit.id)
    assert [(one.id, one.name, one.free) for one in found] == [
        (two[0], "Room 9", True),
        (two[1], "Room 10", False),
    ]
    with pytest.raises(Conflict, match="room_taken"):
        assign(clinic, visit, two[1])
    assign(clinic, other, None)
    moved = assign(clinic, visit, two[1], version=1)
    assert (moved.room_id, moved.version) == (two[1], 2)
    with pytest.raises(PreconditionFailed, match="appointment_changed"):
        assign(clinic, visit, two[0], version=1)


def test_only_rooms_of_the_site_fit_and_only_visits_in_person(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    visit, far = book(clinic, 0), book(clinic, 1, Modality.VIDEO)
    for row, room in ((visit, new_id()), (far, two[0])):
        with pytest.raises(Invalid) as caught:
            assign(clinic, row, room)
        assert set(caught.value.errors) == {"location"}
    with clinic.act() as session:
        nothing = rooms.choices(session, actor=clinic.diary.desk, clock=clinic.clock, appointment_id=far.id)
    assert nothing == []


def test_rooms_are_the_desks_to_give(clinic: Clinic, two: tuple[UUID, UUID]) -> None:
    visit = book(clinic, 0)
    for actor in (clinic.diary.patient_actors[0], clinic.diary.therapist_actors[0]):
        with clinic.act() as session, pytest.raises(NotFound):
            rooms.assign(
                session, actor=actor, clock=clinic.clock, appointment_id=AppointmentId(visit.id), room=two[1]
            )
