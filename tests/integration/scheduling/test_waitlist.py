"""Waiting and being offered a time, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic.access.actor import SYSTEM, Actor
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.ids import AppointmentId, PatientId, new_id
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import waitlist as lists
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import EntryState, Triage, Wishes
from clinic.scheduling.services import offers, queue_reading, waitlist
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.waiting import accept, join, offer, open_offers, refilled, state_of


@pytest.fixture
def patient(clinic: Clinic) -> Actor:
    """The first patient."""
    return clinic.diary.patient_actors[0]


@pytest.fixture
def other(clinic: Clinic) -> Actor:
    """The second patient."""
    return clinic.diary.patient_actors[1]


def test_one_waits_once_for_a_service(clinic: Clinic, patient: Actor) -> None:
    join(clinic, patient)
    with pytest.raises(Conflict, match="waiting_already"):
        join(clinic, patient)


def test_a_patient_waits_for_nobody_else_and_says_nothing_of_urgency(
    clinic: Clinic, patient: Actor, other: Actor
) -> None:
    with pytest.raises(NotFound):
        join(clinic, patient, patient=other.patient_id)
    with pytest.raises(Denied):
        join(clinic, patient, triage=Triage.URGENT)


def test_the_visit_that_stands_is_ones_own_and_of_that_service(
    clinic: Clinic, patient: Actor, other: Actor
) -> None:
    theirs = clinic.book(other, clinic.wanted(clinic.first()))
    with pytest.raises(Invalid) as refused:
        join(clinic, patient, appointment=AppointmentId(theirs.id))
    assert "appointment" in refused.value.errors


def test_an_accepted_offer_becomes_the_visit(clinic: Clinic, patient: Actor) -> None:
    entry, slot = join(clinic, patient), clinic.first()
    made = offer(clinic, entry, slot)
    with snapshot(clinic.database) as session:
        (seen,) = queue_reading.open_offers(session, clinic.reader(patient, "fr"))
    assert (seen.site, seen.site_name) == (clinic.diary.site, "Jérusalem")
    assert slot.starts_at not in [one.starts_at for one in clinic.slots(Wish(slot.practitioner))]
    visit = accept(clinic, patient, made)
    assert (visit.status, visit.patient_id, visit.starts_at) == (
        Status.BOOKED,
        patient.patient_id,
        slot.starts_at,
    )
    assert state_of(clinic, entry) is EntryState.SETTLED


def test_the_old_visit_stands_until_the_new_one_is_accepted(clinic: Clinic, patient: Actor) -> None:
    early, late = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=5)[::4]
    old = clinic.book(patient, clinic.wanted(late))
    entry = join(clinic, patient, appointment=AppointmentId(old.id))
    made = offer(clinic, entry, early)
    assert clinic.row(AppointmentId(old.id)).starts_at == late.starts_at
    moved = accept(clinic, patient, made)
    assert (moved.id, moved.starts_at, moved.version) == (old.id, early.starts_at, 2)
    assert clinic.row(made.hold_id).status is Status.EXPIRED
    assert late.starts_at in [one.starts_at for one in clinic.slots(Wish(late.practitioner), limit=5)]


def test_an_offer_beside_the_old_visit_can_be_accepted(clinic: Clinic, patient: Actor) -> None:
    """The offered time may overlap the visit that it replaces: it is moved and not doubled."""
    slot = clinic.first(0)
    old = clinic.book(patient, clinic.wanted(slot))
    entry = join(clinic, patient, appointment=AppointmentId(old.id))
    same_hour = next(
        one for one in clinic.slots(Wish(clinic.diary.practitioners[1])) if one.starts_at == slot.starts_at
    )
    moved = accept(clinic, patient, offer(clinic, entry, same_hour))
    assert (moved.id, moved.practitioner_id) == (old.id, clinic.diary.practitioners[1])


def test_another_visit_at_that_time_leaves_the_offer_open(clinic: Clinic, patient: Actor) -> None:
    entry, slot = join(clinic, patient), clinic.first(0)
    made = offer(clinic, entry, slot)
    same_hour = next(
        one for one in clinic.slots(Wish(clinic.diary.practitioners[1])) if one.starts_at == slot.starts_at
    )
    clinic.book(patient, clinic.wanted(same_hour))
    with pytest.raises(Conflict, match="visit_overlap"):
        accept(clinic, patient, made)
    assert [one.id for one in open_offers(clinic)] == [made.id]


def test_one_open_offer_is_one_hold(clinic: Clinic, patient: Actor) -> None:
    entry, slots = join(clinic, patient), clinic.slots(Wish(clinic.diary.practitioners[0]))
    offer(clinic, entry, slots[0])
    with pytest.raises(Conflict, match="offered_already"):
        offer(clinic, entry, slots[1])


def test_a_taken_time_cannot_be_offered(clinic: Clinic, patient: Actor, other: Actor) -> None:
    entry, slot = join(clinic, patient), clinic.first()
    clinic.book(other, clinic.wanted(slot))
    with pytest.raises(Conflict, match="slot_taken"):
        offer(clinic, entry, slot)


@pytest.mark.parametrize("answer", [offers.accept, offers.decline])
def test_nobody_answers_for_somebody_else_or_too_late(
    clinic: Clinic, patient: Actor, other: Actor, answer: Callable[..., object]
) -> None:
    made = offer(clinic, join(clinic, patient), clinic.first())
    with pytest.raises(NotFound), clinic.act() as session:
        answer(session, actor=other, clock=clinic.clock, offer_id=made.id)
    clinic.clock.advance(timedelta(hours=2))
    with pytest.raises(Conflict, match="offer_over"), clinic.act() as session:
        answer(session, actor=patient, clock=clinic.clock, offer_id=made.id)


def test_the_clinic_asks_in_the_order_of_the_queue(clinic: Clinic, patient: Actor, other: Actor) -> None:
    wish = Wishes(practitioner=clinic.diary.practitioners[0])
    join(clinic, patient, wishes=wish)
    clinic.clock.advance(timedelta(minutes=1))
    desk = clinic.diary.desk
    urgent = join(clinic, desk, patient=other.patient_id, wishes=wish, triage=Triage.URGENT)
    assert refilled(clinic) == 2
    first, second = sorted(open_offers(clinic), key=lambda one: one.starts_at)
    assert first.entry_id == urgent.id
    assert first.starts_at < second.starts_at
    assert (first.automatic, first.made_by) == (True, SYSTEM.account_id)


def test_an_unanswered_offer_goes_to_the_next_and_is_not_made_again(
    clinic: Clinic, patient: Actor, other: Actor
) -> None:
    monday = frozenset({0})  # far enough ahead for the service's lead time to play no part
    narrow = Wishes(practitioner=clinic.diary.practitioners[0], weekdays=monday)
    first = join(clinic, patient, wishes=narrow)
    refilled(clinic)
    (made,) = open_offers(clinic)
    second = join(clinic, other, wishes=narrow)
    clinic.clock.set(made.expires_at)
    refilled(clinic)
    times = {one.entry_id: one.starts_at for one in open_offers(clinic)}
    assert times[second.id] == made.starts_at
    assert times.get(first.id) != made.starts_at


def test_only_what_is_earlier_than_the_visit_that_stands_is_offered(clinic: Clinic, patient: Actor) -> None:
    first = clinic.first()
    old = clinic.book(patient, clinic.wanted(first))
    join(clinic, patient, appointment=AppointmentId(old.id))
    assert refilled(clinic) == 0


def test_whoever_never_answers_is_asked_by_the_clinic_no_more(clinic: Clinic, patient: Actor) -> None:
    join(clinic, patient)
    made = 0
    for _ in range(5):
        made += refilled(clinic)
        clinic.clock.advance(timedelta(hours=1))
    assert made == 3


def test_a_wish_for_evenings_is_not_met_by_mornings(clinic: Clinic, patient: Actor) -> None:
    join(clinic, patient, wishes=Wishes(parts=frozenset({DayPart.EVENING})))
    assert refilled(clinic) == 0


def test_leaving_gives_the_time_back(clinic: Clinic, patient: Actor) -> None:
    entry, slot = join(clinic, patient), clinic.first()
    made = offer(clinic, entry, slot)
    with clinic.act() as session:
        waitlist.leave(session, actor=patient, clock=clinic.clock, entry_id=entry.id)
    assert clinic.first().starts_at == slot.starts_at
    with pytest.raises(Conflict, match="offer_over"):
        accept(clinic, patient, made)


def test_the_figures_count_what_came_of_the_offers(clinic: Clinic, patient: Actor, other: Actor) -> None:
    start = clinic.clock.now()
    slots = clinic.slots(Wish(clinic.diary.practitioners[0]))
    first = offer(clinic, join(clinic, patient), slots[0])
    with clinic.act() as session:
        offers.decline(session, actor=patient, clock=clinic.clock, offer_id=first.id)
    clinic.clock.advance(timedelta(minutes=12))
    accept(clinic, other, offer(clinic, join(clinic, other), slots[0]))
    with snapshot(clinic.database) as session:
        found = lists.figures(session, since=start, until=start + timedelta(days=1))
        held = session.scalar(select(func.count()).where(Appointment.status == Status.HELD))
    assert (found.waiting, found.offered, found.accepted, found.declined) == (1, 2, 1, 1)
    assert (found.acceptance, found.refill_minutes) == (0.5, 12.0)
    assert held == 0


def test_those_who_would_come_at_a_time_are_first(clinic: Clinic, patient: Actor, other: Actor) -> None:
    slot = clinic.first()
    join(clinic, patient, wishes=Wishes(parts=frozenset({DayPart.EVENING})))
    clinic.clock.advance(timedelta(minutes=1))
    fits = join(clinic, other)
    with clinic.act() as session:
        rows = lists.queue(session)
        found = lists.fitting_first(session, rows, lists.FreeTime(slot.practitioner, slot.starts_at))
    assert [(row.id == fits.id, fit) for row, fit in found] == [(True, True), (False, False)]


def test_the_desk_waits_for_a_patient_that_exists(clinic: Clinic) -> None:
    with pytest.raises(Invalid) as refused:
        join(clinic, clinic.diary.desk, patient=PatientId(new_id()))
    assert "patient" in refused.value.errors
