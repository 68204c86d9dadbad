"""Crowds in several processes: nobody is in two visits, and nobody waits for somebody who waits for them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from clinic.config import Settings
from clinic.db.engine import Database
from clinic.ids import AppointmentId, SiteId
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import FoundSlot
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.test_contention import overlaps
from tests.servers.bookers import Job, crowd

_PEOPLE, _STAFF = 20, 3
_KINDS = ("book", "hold", "move", "series")
_REFUSALS = {"slot_taken", "visit_overlap", "series_clash", "too_many_holds"}


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """More patients than anybody has time for."""
    return make_diary(database, vault, patients=_PEOPLE, practitioners=_STAFF)


def test_a_crowd_in_two_processes_neither_overlaps_nor_deadlocks(
    clinic: Clinic, settings: Settings, database_url: str
) -> None:
    dice = random.Random(2026)
    free = [clinic.slots(Wish(who), limit=24) for who in clinic.diary.practitioners]
    movers = [_booked(clinic, person, free[person % _STAFF]) for person in range(_PEOPLE)]
    wanted = [slot for slots in free for slot in slots[:2]]
    jobs = [_job(clinic, person, dice.choice(wanted), movers[person]) for person in range(_PEOPLE)]
    with crowd(settings, database_url, processes=2, threads=4) as people:
        found, _ = people.at_once(jobs)
    codes = Counter(one.code for one in found)
    assert len(found) == _PEOPLE
    assert set(codes) <= {"done", *_REFUSALS}, codes
    assert 0 < codes["done"] < _PEOPLE
    assert overlaps(clinic.database) == 0


def _booked(clinic: Clinic, person: int, free: Sequence[FoundSlot]) -> AppointmentId:
    slot = free[12 + person // _STAFF]  # late enough that patients may still move it
    return AppointmentId(clinic.book(clinic.diary.patient_actors[person], clinic.wanted(slot)).id)


def _job(clinic: Clinic, person: int, slot: FoundSlot, visit: AppointmentId) -> Job:
    kind, diary = _KINDS[person % len(_KINDS)], clinic.diary
    return Job(
        kind=kind,
        actor=diary.desk if kind == "series" else diary.patient_actors[person],
        patient=diary.patients[person],
        practitioner=slot.practitioner,
        service=slot.service,
        site=SiteId(slot.site),
        starts_at=slot.starts_at,
        visit=visit,
    )
