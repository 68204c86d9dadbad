"""Who gets a free time when nobody has been chosen: whoever has the least to do."""

from __future__ import annotations

from collections import Counter

from clinic.access.actor import SYSTEM
from clinic.db.transaction import snapshot, transaction
from clinic.ids import PractitionerId
from clinic.scheduling.queries.practitioners import ANYBODY, directory
from clinic.scheduling.queries.round_robin import Rank
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services.catalogue import create_site
from tests.factories.identity import make_practitioner
from tests.factories.scheduling import PLACE, open_hours
from tests.integration.scheduling.conftest import Clinic


def fairly(
    clinic: Clinic, *, limit: int = 20, after: Rank | None = None, modality: Modality = Modality.VIDEO
) -> list[FoundSlot]:
    """Search for anybody, by turns."""
    with snapshot(clinic.database) as session:
        search = SlotSearch(clinic.diary.service, modality=modality, limit=limit, after=after, fair=True)
        return find_slots(session, search, now=clinic.clock.now())


def test_each_time_is_there_once(clinic: Clinic) -> None:
    times = [slot.starts_at for slot in fairly(clinic)]
    assert len(times) == 20
    assert times == sorted(set(times))


def test_the_minutes_booked_stay_in_balance(clinic: Clinic) -> None:
    booked: Counter[PractitionerId] = Counter()
    for turn in range(1, 7):
        slot = fairly(clinic)[turn]  # the times before are the patient's own by now
        clinic.book(clinic.diary.patient_actors[0], clinic.wanted(slot))
        booked[slot.practitioner] += 50
        assert max(booked.values()) - min(booked[one] for one in clinic.diary.practitioners) <= 50
    assert set(booked.values()) == {150}


def test_the_parts_of_the_list_are_the_list(clinic: Clinic) -> None:
    whole, parts = fairly(clinic, limit=30), fairly(clinic, limit=7)
    while len(parts) < 30:
        parts += fairly(clinic, limit=7, after=parts[-1].rank)
    assert parts[:30] == whole


def test_in_person_a_time_is_there_once_at_each_site(clinic: Clinic) -> None:
    with transaction(clinic.database) as session:
        site = create_site(session, actor=SYSTEM, clock=clinic.clock, names=PLACE, tz="Asia/Hebron")
        nour = make_practitioner(session, clinic.vault, name="Nour")
        open_hours(session, PractitionerId(nour.id), site, [clinic.diary.service], tz="Asia/Hebron")
    there = fairly(clinic, modality=Modality.IN_PERSON)[:2]
    assert there[0].starts_at == there[1].starts_at
    assert {slot.site for slot in there} == {site, clinic.diary.site}
    again = fairly(clinic, modality=Modality.IN_PERSON, limit=1, after=there[0].rank)
    assert again == [there[1]]
    afar = fairly(clinic)[:2]
    assert afar[0].starts_at < afar[1].starts_at


def test_the_directory_names_who_offers_a_service(clinic: Clinic) -> None:
    with transaction(clinic.database) as session:
        nour = make_practitioner(session, clinic.vault, name="Nour")
        open_hours(session, PractitionerId(nour.id), clinic.diary.site, [])
        found = directory(session, ANYBODY, language="en", service=clinic.diary.service, limit=9)
        every = directory(session, ANYBODY, language="en", limit=9)
    assert ("Nour" in {card.name for card in every}, "Nour" in {card.name for card in found}) == (True, False)
