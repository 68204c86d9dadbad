"""Many people change the diary at once: nobody is in two visits, nobody waits for ever."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.errors import ClinicError, Conflict
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.booking import LIVE
from clinic.scheduling.services import guarded
from clinic.scheduling.services.catalogue import create_service
from clinic.vault import Vault
from tests.factories.scheduling import TALK, Diary, make_diary
from tests.integration.scheduling.conftest import Clinic

MOVERS = 20


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """More patients than anybody has time for."""
    return make_diary(database, vault, patients=MOVERS, practitioners=2)


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Do all at the same moment; count what came of it, `done` or the code of the refusal."""
    gate = Barrier(len(acts))

    def outcome(act: Callable[[], object]) -> str:
        gate.wait()
        try:
            act()
        except ClinicError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(outcome, acts))


def overlaps(database: Database) -> int:
    """Count neighbours in any diary, any patient's day or any room that overlap."""
    with snapshot(database) as session:
        rows = session.execute(
            select(
                Appointment.practitioner_id,
                Appointment.patient_id,
                Appointment.busy_from,
                Appointment.busy_to,
                Appointment.starts_at,
                Appointment.ends_at,
                Appointment.room_id,
            ).where(Appointment.status.in_(LIVE))
        ).all()
    theirs = sorted((row[0], row[2], row[3]) for row in rows)
    own = sorted((row[1], row[4], row[5]) for row in rows if row[1] is not None)
    rooms = sorted((row[6], row[2], row[3]) for row in rows if row[6] is not None)
    return sum(
        left[0] == right[0] and right[1] < left[2]
        for line in (theirs, own, rooms)
        for left, right in pairwise(line)
    )


def test_twenty_move_to_one_time_and_one_gets_there(clinic: Clinic) -> None:
    slots = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=60)
    visits = [
        clinic.book(actor, clinic.wanted(slot))
        for actor, slot in zip(clinic.diary.patient_actors, slots[1:], strict=False)
    ]

    def move(visit: Appointment) -> None:
        clinic.move(clinic.diary.desk, visit.id, slots[0].starts_at)

    outcomes = at_once([lambda visit=visit: move(visit) for visit in visits])  # type: ignore[misc]
    assert outcomes == {"done": 1, "slot_taken": MOVERS - 1}
    assert overlaps(clinic.database) == 0


def test_a_crowd_that_books_moves_and_holds_at_random_never_overlaps(clinic: Clinic) -> None:
    dice = random.Random(2026)
    slots = clinic.slots(limit=16)

    def restless(number: int) -> Callable[[], None]:
        picks = [dice.choice(slots) for _ in range(4)]
        actor = clinic.diary.patient_actors[number]

        def act() -> None:
            clinic.hold(actor, clinic.wanted(picks[0]))
            visit = clinic.book(actor, clinic.wanted(picks[1]))
            clinic.move(clinic.diary.desk, visit.id, picks[2].starts_at, practitioner=picks[2].practitioner)

        return act

    for _ in range(3):
        outcomes = at_once([restless(number) for number in range(MOVERS)])
        assert set(outcomes) <= {"done", "slot_taken", "visit_overlap", "too_many_holds"}
        assert overlaps(clinic.database) == 0


def test_of_two_services_of_one_code_at_once_one_is_made(clinic: Clinic) -> None:
    def make() -> None:
        with clinic.act() as session:
            create_service(
                session,
                actor=clinic.diary.desk,
                clock=clinic.clock,
                fields=clinic.vault.fields,
                new=replace(TALK, code="another"),
            )

    with clinic.meanwhile(make, before="INSERT INTO service "), pytest.raises(Conflict, match="name_taken"):
        make()


class _Deadlock(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("failures", "survives"), [(2, True), (3, False)])
def test_a_deadlock_is_tried_again_twice(clinic: Clinic, failures: int, survives: bool) -> None:
    tries = iter(range(10))

    def write() -> str:
        if next(tries) < failures:
            raise OperationalError("UPDATE", {}, _Deadlock())
        return "written"

    with clinic.act() as session:
        if survives:
            assert guarded.guarded(session, write) == "written"
        else:
            with pytest.raises(OperationalError):
                guarded.guarded(session, write)
