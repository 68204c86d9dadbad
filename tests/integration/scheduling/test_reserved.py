"""Times kept for urgent and same-day requests, on real databases: who sees them, who gets them, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid
from clinic.ids import AppointmentId
from clinic.scheduling.models import Service
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.conflicts import Kind
from clinic.scheduling.rules.series import Fate
from clinic.scheduling.rules.waitlist import Triage
from clinic.scheduling.services.preview import Question, preview
from clinic.scheduling.services.series.planning import Planner, Rounds, Target
from clinic.vault import Vault
from tests.factories.scheduling import TALK, Diary, make_diary
from tests.fakes.clock import START
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.waiting import join, offer, open_offers, refilled

KEPT = replace(TALK, lead_minutes=0, horizon_days=7, reserved_percent=25, release_at=time(7))
MONDAY_AT_NINE = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """One practitioner, of whose eight times a day the first and the fifth are kept."""
    return make_diary(database, vault, practitioners=1, new=KEPT)


def found(clinic: Clinic, *, by_staff: bool, modality: Modality | None = None) -> list[FoundSlot]:
    """Search as staff or as the public."""
    with snapshot(clinic.database) as session:
        search = SlotSearch(clinic.diary.service, modality=modality, limit=1_000)
        return find_slots(session, search, now=clinic.clock.now(), by_staff=by_staff)


def kept(clinic: Clinic) -> FoundSlot:
    """Return the kept time of Monday at nine."""
    return next(slot for slot in found(clinic, by_staff=True) if slot.starts_at == MONDAY_AT_NINE)


@pytest.mark.parametrize("now", [START, MONDAY_AT_NINE - timedelta(hours=2), MONDAY_AT_NINE])
def test_what_is_kept_and_what_is_offered_are_all_there_is(clinic: Clinic, now: datetime) -> None:
    clinic.clock.advance(now - START)
    clinic.book(clinic.diary.patient_actors[0], clinic.wanted(found(clinic, by_staff=False)[3]))
    for modality in (None, Modality.PHONE):
        staff, public = (found(clinic, by_staff=who, modality=modality) for who in (True, False))
        offered = {slot.starts_at for slot in public}
        reserved = {slot.starts_at for slot in staff if slot.reserved}
        assert reserved
        assert not offered & reserved
        assert not any(slot.reserved for slot in public)
        with clinic.act() as session:
            session.get_one(Service, clinic.diary.service).reserved_percent = 0
        every = found(clinic, by_staff=False, modality=modality)
        assert offered | reserved == {slot.starts_at for slot in every}
        with clinic.act() as session:
            session.get_one(Service, clinic.diary.service).reserved_percent = KEPT.reserved_percent


def test_is_open_to_all_from_its_hour_on(clinic: Clinic) -> None:
    hours = {slot.starts_at.hour for slot in found(clinic, by_staff=True) if slot.reserved}
    assert hours == {7, 11}
    patient, slot = clinic.diary.patient_actors[0], kept(clinic)
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(patient, clinic.wanted(slot))
    clinic.clock.advance(MONDAY_AT_NINE - timedelta(hours=2) - START)  # seven in Jerusalem
    assert not kept(clinic).reserved
    assert clinic.book(patient, clinic.wanted(slot)).starts_at == MONDAY_AT_NINE


def test_is_booked_by_staff_on_purpose_alone(clinic: Clinic) -> None:
    wanted, patient = clinic.wanted(kept(clinic)), clinic.diary.patients[0]
    with pytest.raises(Conflict, match="time_reserved"):
        clinic.book(clinic.diary.desk, wanted, patient=patient)
    asked = replace(wanted, reserved=True)
    with pytest.raises(Denied, match="not_permitted"):
        clinic.book(clinic.diary.patient_actors[0], asked)
    with clinic.act() as session:
        seen = preview(session, clinic.reader(clinic.diary.desk), Question(wanted, patient))
        assert ([clash.kind for clash in seen.conflicts], seen.offered) == ([Kind.RESERVED], False)
        told = preview(session, clinic.reader(clinic.diary.patient_actors[0]), Question(wanted))
        assert [clash.kind for clash in told.conflicts] == [Kind.TAKEN]
    visit = clinic.book(clinic.diary.desk, asked, patient=patient)
    with clinic.act() as session:
        reasons = select(AuditEntry.reason).where(
            AuditEntry.object_id == visit.id, AuditEntry.action == "appointment.book"
        )
        assert session.scalars(reasons).all() == ["reserved"]


def test_a_visit_is_moved_into_it_on_purpose_alone(clinic: Clinic) -> None:
    free = found(clinic, by_staff=False)[0]
    visit = AppointmentId(clinic.book(clinic.diary.patient_actors[0], clinic.wanted(free)).id)
    with pytest.raises(Conflict, match="time_reserved"):
        clinic.move(clinic.diary.desk, visit, MONDAY_AT_NINE)
    moved = clinic.move(clinic.diary.desk, visit, MONDAY_AT_NINE, reserved=True)
    assert moved.starts_at == MONDAY_AT_NINE


def test_a_series_does_not_use_it_up(clinic: Clinic) -> None:
    diary = clinic.diary
    rounds = Rounds(diary.practitioners[0], diary.service, Modality.VIDEO, diary.patients[0])
    later = MONDAY_AT_NINE + timedelta(hours=1)
    with snapshot(clinic.database) as session:
        targets = [Target(MONDAY_AT_NINE), Target(later)]
        dates = Planner(session, rounds, targets, now=clinic.clock.now()).judged()
    assert [date.fate for date in dates] == [Fate.RESERVED, Fate.FREE]
    assert MONDAY_AT_NINE not in {moment.starts_at for moment in dates[0].alternatives}
    assert len(dates[0].alternatives) == 3


def test_who_waits_is_offered_it_in_an_urgent_case_alone(clinic: Clinic) -> None:
    with clinic.act() as session:
        session.get_one(Service, clinic.diary.service).reserved_percent = 100
    clinic.clock.advance(timedelta(hours=9))  # the day's own times are over, and nobody is asleep
    routine = join(clinic, clinic.diary.desk, patient=clinic.diary.patients[0])
    assert refilled(clinic) == 0
    with pytest.raises(Conflict, match="time_reserved"):
        offer(clinic, routine, kept(clinic))
    urgent = join(clinic, clinic.diary.desk, patient=clinic.diary.patients[1], triage=Triage.URGENT)
    assert refilled(clinic) == 1
    (made,) = open_offers(clinic)
    assert (made.entry_id, made.starts_at) == (urgent.id, MONDAY_AT_NINE)
