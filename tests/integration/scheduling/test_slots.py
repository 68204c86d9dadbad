"""Searching free times on real databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.db.transaction import snapshot, transaction
from clinic.errors import Invalid
from clinic.identity.models import Account, AccountStatus
from clinic.ids import PractitionerId, ServiceId, new_id
from clinic.scheduling.queries.practitioners import Wish, directory
from clinic.scheduling.queries.round_robin import Rank
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from tests.factories.identity import make_practitioner
from tests.factories.scheduling import open_hours
from tests.integration.scheduling.conftest import Clinic


def test_begins_after_the_lead_time_in_the_wall_clock_of_the_site(clinic: Clinic) -> None:
    first = clinic.first()
    assert first.starts_at == datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert (first.local, first.tz, first.offset) == ("2026-11-22T13:00", "Asia/Jerusalem", "+02:00")
    assert first.ends_at - first.starts_at == timedelta(minutes=50)


def test_offers_everybody_who_has_time_in_order(clinic: Clinic) -> None:
    found = clinic.slots(limit=4)
    assert {slot.practitioner for slot in found} == set(clinic.diary.practitioners)
    assert [slot.starts_at.hour for slot in found] == [11, 11, 12, 12]


def test_ends_at_the_horizon(clinic: Clinic) -> None:
    last = clinic.slots(limit=10_000)[-1]
    assert last.starts_at < clinic.clock.now() + timedelta(days=42)
    assert last.starts_at > clinic.clock.now() + timedelta(days=40)


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        (Wish(language="fr"), {"Therapist 0", "Therapist 1", "Nour"}),
        (Wish(language="he"), {"Nour"}),
        (Wish(specialty="trauma"), {"Nour"}),
        (Wish(gender="male"), {"Nour"}),
        (Wish(language="f"), set()),
        (Wish(language="%"), set()),
        (Wish(practitioner=PractitionerId(new_id())), set()),
    ],
)
def test_searches_by_language_specialty_and_gender(clinic: Clinic, wish: Wish, names: set[str]) -> None:
    with transaction(clinic.database) as session:
        nour = make_practitioner(
            session,
            clinic.vault,
            name="Nour",
            gender="male",
            languages=("fr", "he"),
            specialties=("trauma",),
        )
        open_hours(session, PractitionerId(nour.id), clinic.diary.site, [clinic.diary.service])
    assert {slot.practitioner_name for slot in clinic.slots(wish, limit=20)} == names
    with snapshot(clinic.database) as session:
        assert {card.name for card in directory(session, wish, language="en", limit=20)} == names


def test_searches_by_the_way_a_visit_is_held(clinic: Clinic) -> None:
    with transaction(clinic.database) as session:
        nour = make_practitioner(session, clinic.vault, name="Nour")
        open_hours(
            session,
            PractitionerId(nour.id),
            clinic.diary.site,
            [clinic.diary.service],
            modalities=frozenset({Modality.PHONE}),
        )
    with snapshot(clinic.database) as session:
        for modality, expected in ((Modality.PHONE, True), (Modality.VIDEO, False)):
            search = SlotSearch(clinic.diary.service, modality=modality, limit=20)
            found = {slot.practitioner_name for slot in find_slots(session, search, now=clinic.clock.now())}
            cards = directory(session, Wish(), language="en", modality=modality, limit=20)
            assert ("Nour" in found, "Nour" in {card.name for card in cards}) == (expected, expected)


def test_somebody_who_has_left_is_not_offered_and_cannot_be_booked(clinic: Clinic) -> None:
    slot, therapist = clinic.first(), clinic.diary.therapist_actors[0]
    with transaction(clinic.database) as session:
        session.get_one(Account, therapist.account_id).status = AccountStatus.DISABLED
    assert clinic.slots(Wish(slot.practitioner)) == []
    with snapshot(clinic.database) as session:
        assert [card.name for card in directory(session, Wish(), language="en", limit=9)] == ["Therapist 1"]
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(clinic.diary.patient_actors[0], clinic.wanted(slot))


def test_a_booked_time_is_not_offered_and_the_buffer_neither(clinic: Clinic) -> None:
    first = clinic.first()
    clinic.book(clinic.diary.patient_actors[0], clinic.wanted(first))
    assert clinic.first().starts_at == first.starts_at + timedelta(hours=1)


def test_a_lapsed_hold_is_offered_again(clinic: Clinic) -> None:
    first = clinic.first()
    clinic.hold(clinic.diary.patient_actors[0], clinic.wanted(first))
    assert clinic.first().starts_at > first.starts_at
    clinic.clock.advance(timedelta(minutes=10))
    # the lead time moves with the clock: only staff still see the hour that was held
    again = clinic.slots(Wish(first.practitioner), by_staff=True, limit=3)
    assert first.starts_at in {slot.starts_at for slot in again}


def test_refuses_an_unknown_service_by_field(clinic: Clinic) -> None:
    with snapshot(clinic.database) as session, pytest.raises(Invalid) as caught:
        find_slots(session, SlotSearch(ServiceId(new_id())), now=clinic.clock.now())
    assert set(caught.value.errors) == {"service"}


def test_a_search_within_a_period_and_after_a_slot_goes_on_where_it_stopped(clinic: Clinic) -> None:
    whole = clinic.slots(limit=30)
    start, end = whole[3].starts_at, whole[20].starts_at
    with snapshot(clinic.database) as session:

        def find(after: Rank | None, limit: int) -> list[datetime]:
            search = SlotSearch(clinic.diary.service, start=start, end=end, limit=limit, after=after)
            found = find_slots(session, search, now=clinic.clock.now())
            keys.extend(slot.rank for slot in found)
            return [slot.starts_at for slot in found]

        keys: list[Rank] = []
        expected = [slot.starts_at for slot in whole if start <= slot.starts_at < end]
        first = find(None, 5)
        assert first + find(keys[-1], 100) == expected
