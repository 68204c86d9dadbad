"""Who keeps how many times: the caps hold when somebody asks for many at the same moment."""

from __future__ import annotations

import pytest

from clinic.access.actor import Actor
from clinic.db.engine import Database
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import FoundSlot
from clinic.scheduling.rules.booking import HOLDS_PER_ADDRESS, HOLDS_PER_PERSON
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.test_contention import at_once

MANY = HOLDS_PER_ADDRESS + 4


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """As many practitioners as patients, so that no two holds wait for one schedule."""
    return make_diary(database, vault, patients=MANY, practitioners=MANY)


def hold(clinic: Clinic, actor: Actor, slot: FoundSlot) -> None:
    clinic.hold(actor, clinic.wanted(slot), address=b"one address 1234")


def test_one_person_who_asks_for_many_times_at_once_keeps_two(clinic: Clinic) -> None:
    person = clinic.diary.patient_actors[0]
    slots = [clinic.slots(Wish(who), limit=MANY)[n] for n, who in enumerate(clinic.diary.practitioners)]
    outcomes = at_once([lambda slot=slot: hold(clinic, person, slot) for slot in slots])  # type: ignore[misc]
    assert outcomes == {"done": HOLDS_PER_PERSON, "too_many_holds": MANY - HOLDS_PER_PERSON}


def test_many_people_at_one_address_keep_ten_at_once(clinic: Clinic) -> None:
    pairs = [
        (clinic.diary.patient_actors[n], clinic.slots(Wish(who), limit=1)[0])
        for n, who in enumerate(clinic.diary.practitioners)
    ]
    outcomes = at_once([lambda pair=pair: hold(clinic, *pair) for pair in pairs])  # type: ignore[misc]
    assert outcomes == {"done": HOLDS_PER_ADDRESS, "too_many_holds": MANY - HOLDS_PER_ADDRESS}
