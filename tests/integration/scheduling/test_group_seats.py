"""How many seats a session has, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.errors import Invalid, PreconditionFailed
from clinic.ids import AppointmentId
from clinic.scheduling.models import Appointment, GroupSession
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.groups import Room, SeatStatus
from clinic.scheduling.services.groups import capacity, seats, sessions
from clinic.vault import Vault
from tests.factories.groups import add_group_service
from tests.factories.scheduling import Diary, make_diary
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.mutations import planned_session


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """Two practitioners, and four who would sit in the group of one of them."""
    return make_diary(database, vault, patients=4)


def resize(clinic: Clinic, group: AppointmentId, wanted: int, version: int | None = None) -> Appointment:
    with clinic.act() as session:
        return capacity.resize(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            group_id=group,
            capacity=wanted,
            version=version,
        )


def standing(clinic: Clinic, group: AppointmentId) -> tuple[Room, set[int]]:
    """Return how full the session is, and the numbers of those who sit in it."""
    with snapshot(clinic.database) as session:
        seated = {seat.patient_id for seat in sessions.seats_of(session, group, [SeatStatus.BOOKED])}
        room = session.get_one(GroupSession, group).room
    return room, {at for at, patient in enumerate(clinic.diary.patients) if patient in seated}


def test_new_seats_go_to_who_waits_longest_and_can_come(clinic: Clinic) -> None:
    slot = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=9)[8]
    group = planned_session(clinic, add_group_service(clinic.database, clinic.vault, clinic.diary), slot)
    before = resize(clinic, group, 1).version
    for actor in clinic.diary.patient_actors:
        clinic.clock.advance(timedelta(seconds=1))
        with clinic.act() as session:
            seats.take(session, actor=actor, clock=clinic.clock, asked=seats.Asked(group, None, wait=True))
    beside = clinic.slots(Wish(clinic.diary.practitioners[1]), limit=20)
    elsewhere = next(one for one in beside if one.starts_at == slot.starts_at)
    clinic.book(clinic.diary.patient_actors[1], clinic.wanted(elsewhere))
    assert standing(clinic, group) == (Room(1, 1), {0})
    after = resize(clinic, group, 2, before).version
    assert standing(clinic, group) == (Room(2, 2), {0, 2})
    with pytest.raises(PreconditionFailed, match="appointment_changed"):
        resize(clinic, group, 5, before)
    with pytest.raises(Invalid) as refused:
        resize(clinic, group, 1, after)
    assert refused.value.errors == {"capacity": ["Must be greater than or equal to 2."]}
    resize(clinic, group, 5, after)
    assert standing(clinic, group) == (Room(5, 3), {0, 2, 3})
