"""Who may wait, what ends a wait or an offer, and what two people do at once; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from clinic.access.actor import SYSTEM, Actor
from clinic.access.permissions import Permission
from clinic.errors import Conflict, Denied, Invalid
from clinic.ids import AppointmentId, PractitionerId, SeriesId, new_id
from clinic.scheduling import tasks
from clinic.scheduling.models import Service, WaitlistEntry
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingRule, Status
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import Policy
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import EntryState, Triage, Wishes
from clinic.scheduling.services import refill, waitlist
from clinic.scheduling.services.groups import seats, sessions
from clinic.scheduling.services.series import booking
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from tests.factories.groups import add_group_service
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.waiting import accept, join, joining, offer, open_offers, refilled, state_of


@pytest.fixture
def patient(clinic: Clinic) -> Actor:
    """The first patient."""
    return clinic.diary.patient_actors[0]


@pytest.fixture
def other(clinic: Clinic) -> Actor:
    """The second patient."""
    return clinic.diary.patient_actors[1]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"booking_rule": BookingRule.STAFF}, "booked_by_staff"),
        ({"booking_rule": BookingRule.REFERRAL}, "referral_needed"),
        ({"active": False}, "invalid"),
        ({"seats": 8}, "invalid"),
    ],
)
def test_who_could_not_book_a_service_cannot_wait_for_it(
    clinic: Clinic, patient: Actor, terms: dict[str, object], code: str
) -> None:
    with clinic.act() as session:
        session.execute(update(Service).values(terms))
    with pytest.raises((Denied, Invalid)) as refused:
        join(clinic, patient)
    assert refused.value.code == code
    if code != "invalid":
        join(clinic, clinic.diary.desk, patient=patient.patient_id)
        assert refilled(clinic) == 1


def test_whoever_has_a_visit_of_a_service_waits_for_an_earlier_one(clinic: Clinic, patient: Actor) -> None:
    late = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=5)[4]
    old = clinic.book(patient, clinic.wanted(late))
    with clinic.act() as session:
        session.execute(update(Service).values(booking_rule=BookingRule.STAFF))
    join(clinic, patient, appointment=AppointmentId(old.id))
    assert refilled(clinic) == 1


def test_one_waits_for_a_practitioner_who_offers_the_service(clinic: Clinic, patient: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        join(clinic, patient, wishes=Wishes(practitioner=PractitionerId(new_id())))
    assert set(refused.value.errors) == {"practitioner"}


def test_of_two_requests_at_once_one_waits(clinic: Clinic, patient: Actor) -> None:
    """The second comes while the first is not yet committed, and is told that somebody waits already."""
    with ThreadPoolExecutor(1) as other:
        with clinic.act() as session:
            waitlist.join(
                session, actor=patient, clock=clinic.clock, entry_id=new_id(), joining=joining(clinic)
            )
            second = other.submit(join, clinic, patient)
            wait([second], timeout=0.3)
        with pytest.raises(Conflict, match="waiting_already"):
            second.result(timeout=20)


def test_who_leaves_and_accepts_at_once_does_one_of_both(clinic: Clinic, patient: Actor) -> None:
    """Both lock the entry before the offer: neither waits for what the other has."""
    entry = join(clinic, patient)
    made = offer(clinic, entry, clinic.first())
    with ThreadPoolExecutor(1) as other:
        with clinic.act() as session:
            waitlist.concerned(session, patient, clinic.clock, Permission.WAITLIST_JOIN, entry.id)
            accepting = other.submit(accept, clinic, patient, made)
            wait([accepting], timeout=0.3)
            waitlist.leave(session, actor=patient, clock=clinic.clock, entry_id=entry.id)
        with pytest.raises(Conflict, match="offer_over"):
            accepting.result(timeout=20)
    assert state_of(clinic, entry) is EntryState.WITHDRAWN


def test_practitioners_change_how_those_wait_who_are_in_their_care(clinic: Clinic, patient: Actor) -> None:
    entry, therapist = join(clinic, patient), clinic.diary.therapist_actors[0]
    with pytest.raises(Denied, match="consent_denied"):
        triaged(clinic, therapist, entry)
    with pytest.raises(Denied, match="consent_denied"), clinic.act() as session:
        waitlist.leave(session, actor=therapist, clock=clinic.clock, entry_id=entry.id)
    assert patient.patient_id is not None
    clinic.claim(therapist, patient.patient_id)
    triaged(clinic, therapist, entry)


def triaged(clinic: Clinic, actor: Actor, entry: WaitlistEntry) -> None:
    """Say that it is urgent."""
    with clinic.act() as session:
        waitlist.triage(session, actor=actor, clock=clinic.clock, entry_id=entry.id, triage=Triage.URGENT)


def test_a_lapsed_offer_makes_room_for_the_next_whether_or_not_the_worker_was_there(
    clinic: Clinic, patient: Actor
) -> None:
    entry, slots = join(clinic, patient), clinic.slots(Wish(clinic.diary.practitioners[0]), limit=6)
    offer(clinic, entry, slots[3])
    clinic.clock.advance(timedelta(hours=1))
    second = offer(clinic, entry, slots[4])
    clinic.clock.advance(timedelta(hours=1))
    tasks.end_waits(clinic.database, clinic.clock)  # as where a clinic leaves offers to its desk
    assert open_offers(clinic) == []
    assert clinic.row(second.hold_id).status is Status.EXPIRED


def test_an_offer_is_accepted_once_and_again_with_the_same_answer(clinic: Clinic, patient: Actor) -> None:
    early, late = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=5)[::4]
    old = clinic.book(patient, clinic.wanted(late))
    entry = join(clinic, patient, appointment=AppointmentId(old.id))
    made = offer(clinic, entry, early)
    first, again = (accept(clinic, patient, made) for _ in range(2))
    assert (again.id, again.version) == (first.id, first.version) == (old.id, 2)
    alone = offer(clinic, join(clinic, patient), clinic.first())
    assert accept(clinic, patient, alone).id == accept(clinic, patient, alone).id == alone.hold_id


def test_nobody_waits_for_what_is_over(clinic: Clinic, patient: Actor, other: Actor) -> None:
    visit = clinic.book(patient, clinic.wanted(clinic.first()))
    earlier = join(clinic, patient, appointment=AppointmentId(visit.id))
    today = clinic.clock.now().date()
    soon = join(clinic, other, wishes=Wishes(until=today, parts=frozenset({DayPart.EVENING})))
    clinic.clock.set(visit.starts_at)
    assert refilled(clinic) == 0
    assert (state_of(clinic, earlier), state_of(clinic, soon)) == (EntryState.WITHDRAWN, EntryState.WAITING)
    clinic.clock.advance(timedelta(days=2))
    refilled(clinic)
    assert state_of(clinic, soon) is EntryState.WITHDRAWN


def test_a_series_and_other_offers_leave_times_alone_that_are_kept_for_others(
    clinic: Clinic, patient: Actor, other: Actor
) -> None:
    first, second = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=2)
    made = offer(clinic, join(clinic, patient), first)
    rounds = Rounds(first.practitioner, first.service, Modality.VIDEO, other.patient_id)
    wish = SeriesWish(rounds, Rhythm.WEEKLY, second.starts_at, 3, None, policy=Policy.SKIP)
    with clinic.act() as session:
        booking.book(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            series_id=SeriesId(new_id()),
            wish=wish,
        )
    with pytest.raises(Conflict, match="slot_taken"):
        offer(clinic, join(clinic, other), first, actor=SYSTEM)
    assert accept(clinic, patient, made).starts_at == first.starts_at


def test_nobody_is_offered_a_time_at_which_they_sit_in_a_group(clinic: Clinic, patient: Actor) -> None:
    first, second = clinic.slots(Wish(clinic.diary.practitioners[1]), limit=2)
    group, service = AppointmentId(new_id()), add_group_service(clinic.database, clinic.vault, clinic.diary)
    rounds = Rounds(clinic.diary.practitioners[0], service, Modality.VIDEO, None)
    once = SeriesWish(rounds, Rhythm.WEEKLY, first.starts_at, 1, None)
    desk, clock = clinic.diary.desk, clinic.clock
    with clinic.act() as session:
        sessions.plan(
            session, actor=desk, clock=clock, group_id=group, wish=once, series_id=None, capacity=None
        )
    with clinic.act() as session:
        seats.take(session, actor=patient, clock=clock, asked=seats.Asked(group, None, wait=False))
    join(clinic, patient, wishes=Wishes(practitioner=clinic.diary.practitioners[1]))
    assert refilled(clinic) == 1
    assert [one.starts_at for one in open_offers(clinic)] == [second.starts_at]


def test_whoever_comes_rarely_is_offered_a_time_beyond_the_first_ones(
    clinic: Clinic, patient: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refill, "_LOOKED_AT", 12)
    wednesday = frozenset({date(2026, 11, 25).weekday()})
    join(clinic, patient, wishes=Wishes(weekdays=wednesday))
    assert refilled(clinic) == 1
    assert {one.wall_start[:10] for one in open_offers(clinic)} == {"2026-11-25"}
