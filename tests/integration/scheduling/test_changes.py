"""Cancel, move, check in, note an absence: by whom, until when, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.access.actor import SYSTEM, Actor
from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity.services.relationships import relationships
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.events import AppointmentCancelled, AppointmentMoved, PatientCheckedIn, PatientMissed
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.appointment import Seat
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import attendance, changes, guarded
from clinic.scheduling.tasks import settle_past_visits
from tests.integration.scheduling.conftest import Clinic

DAY = timedelta(days=1)


@pytest.fixture
def visit(clinic: Clinic) -> Appointment:
    """Patient 0 with practitioner 0, more than a day ahead."""
    ahead = [
        slot
        for slot in clinic.slots(Wish(clinic.diary.practitioners[0]), limit=30)
        if slot.starts_at > clinic.clock.now() + 2 * DAY
    ]
    return clinic.book(clinic.diary.patient_actors[0], clinic.wanted(ahead[0]))


def cancel(clinic: Clinic, actor: Actor, visit: Appointment, reason: str | None = None) -> Appointment:
    with clinic.act() as session:
        return changes.cancel(
            session,
            actor=actor,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            appointment_id=visit.id,
            reason=reason,
        )


def move(
    clinic: Clinic, actor: Actor, visit: Appointment, to: timedelta, practitioner: int = 0
) -> Appointment:
    whom = clinic.diary.practitioners[practitioner]
    return clinic.move(actor, visit.id, visit.starts_at + to, practitioner=whom)


def simply(
    clinic: Clinic, act: Callable[..., Appointment], actor: Actor, appointment_id: AppointmentId
) -> Appointment:
    with clinic.act() as session:
        return act(session, actor=actor, clock=clinic.clock, appointment_id=appointment_id)


def test_a_cancelled_time_is_free_again(clinic: Clinic, visit: Appointment, bus: EventBus) -> None:
    heard: list[AppointmentCancelled] = []
    bus.after_commit(AppointmentCancelled, heard.append)
    row = cancel(clinic, clinic.diary.patient_actors[0], visit, "I am travelling")
    assert (row.status, row.version) == (Status.CANCELLED, 2)
    assert row.cancel_reason_sealed is not None
    assert b"travelling" not in row.cancel_reason_sealed
    assert [event.appointment_id for event in heard] == [visit.id]
    starts = {slot.starts_at for slot in clinic.slots(Wish(visit.practitioner_id), limit=30)}
    assert visit.starts_at in starts
    clinic.book(clinic.diary.patient_actors[1], clinic.wanted(clinic.first(), starts_at=visit.starts_at))


def test_patients_cancel_with_notice_and_staff_at_any_time(clinic: Clinic, visit: Appointment) -> None:
    clinic.clock.set(visit.starts_at - DAY + timedelta(seconds=1))
    with pytest.raises(Conflict, match="too_late"):
        cancel(clinic, clinic.diary.patient_actors[0], visit)
    cancel(clinic, clinic.diary.therapist_actors[0], visit)
    with pytest.raises(Conflict, match="not_open"):
        cancel(clinic, clinic.diary.desk, visit)


def test_others_see_no_such_visit(clinic: Clinic, visit: Appointment) -> None:
    strangers = (clinic.diary.patient_actors[1], clinic.diary.therapist_actors[1])
    for actor in strangers:
        with pytest.raises(NotFound):
            cancel(clinic, actor, visit)
        with pytest.raises(NotFound):
            move(clinic, actor, visit, timedelta(hours=1))
        for act in (changes.check_in, changes.no_show):
            with pytest.raises(NotFound):
                simply(clinic, act, actor, visit.id)
    held = clinic.hold(clinic.diary.patient_actors[0], clinic.wanted(clinic.first()))
    for nothing in (AppointmentId(new_id()), held.id):
        with pytest.raises(NotFound):
            simply(clinic, changes.check_in, clinic.diary.desk, nothing)


def test_moves_in_one_step(clinic: Clinic, visit: Appointment, bus: EventBus) -> None:
    heard: list[AppointmentMoved] = []
    bus.after_commit(AppointmentMoved, heard.append)
    row = move(clinic, clinic.diary.patient_actors[0], visit, timedelta(hours=1))
    assert (row.id, row.version, row.starts_at) == (visit.id, 2, visit.starts_at + timedelta(hours=1))
    assert row.busy_to == row.starts_at + timedelta(hours=1)
    assert row.wall_start > visit.wall_start
    assert [event.version for event in heard] == [2]
    starts = {slot.starts_at for slot in clinic.slots(Wish(visit.practitioner_id), limit=30)}
    assert visit.starts_at in starts
    assert row.starts_at not in starts


def test_moving_to_another_practitioner_relates_them(clinic: Clinic, visit: Appointment) -> None:
    row = move(clinic, clinic.diary.desk, visit, timedelta(0), practitioner=1)
    assert row.practitioner_id == clinic.diary.practitioners[1]
    with snapshot(clinic.database) as session:
        found = relationships(session, patient_id=clinic.diary.patients[0])
    assert {one.practitioner_id for one in found} == set(clinic.diary.practitioners)


def test_a_practitioner_moves_no_visit_into_a_colleagues_diary(clinic: Clinic, visit: Appointment) -> None:
    with pytest.raises(Denied, match="not_permitted"):
        move(clinic, clinic.diary.therapist_actors[0], visit, timedelta(0), practitioner=1)
    with snapshot(clinic.database) as session:
        (only,) = relationships(session, patient_id=clinic.diary.patients[0])
    assert only.practitioner_id == clinic.diary.practitioners[0]
    move(clinic, clinic.diary.therapist_actors[0], visit, timedelta(hours=1))


def test_a_move_onto_a_taken_or_closed_time_leaves_the_visit_where_it_is(
    clinic: Clinic, visit: Appointment
) -> None:
    patient, later = clinic.diary.patient_actors[0], visit.starts_at + timedelta(hours=1)
    clinic.book(clinic.diary.patient_actors[1], clinic.wanted(clinic.first(), starts_at=later))
    with pytest.raises(Conflict) as caught:
        move(clinic, patient, visit, timedelta(hours=1))
    assert caught.value.code == "slot_taken"
    assert caught.value.facts["alternatives"]
    with pytest.raises(Invalid, match="slot_not_offered"):
        move(clinic, patient, visit, timedelta(hours=12))
    assert clinic.row(visit.id).starts_at == visit.starts_at


def test_a_visit_that_changed_meanwhile_is_not_changed_blindly(clinic: Clinic, visit: Appointment) -> None:
    with clinic.act() as session:
        stale = session.get_one(Appointment, visit.id)
        session.expunge(stale)
    cancel(clinic, clinic.diary.desk, visit)
    with clinic.act() as session, pytest.raises(Conflict, match="appointment_changed"):
        guarded.change(session, stale, status=Status.ARRIVED)


def test_the_patients_check_in_confirms_the_relationship(clinic: Clinic, bus: EventBus) -> None:
    heard: list[PatientCheckedIn] = []
    bus.after_commit(PatientCheckedIn, heard.append)
    therapist, patient = clinic.diary.therapist_actors[0], clinic.diary.patient_actors[0]
    clinic.claim(therapist, clinic.diary.patients[0])
    visit = clinic.book(therapist, clinic.wanted(clinic.first()), patient=clinic.diary.patients[0])
    with pytest.raises(Conflict, match="not_now"):
        simply(clinic, changes.check_in, patient, visit.id)
    clinic.clock.set(visit.starts_at - timedelta(minutes=10))
    row = simply(clinic, changes.check_in, patient, visit.id)
    assert (row.status, row.checked_in_at) == (Status.ARRIVED, clinic.clock.now())
    assert simply(clinic, changes.check_in, patient, visit.id).version == row.version
    assert len(heard) == 1
    with snapshot(clinic.database) as session:
        (found,) = relationships(session, patient_id=clinic.diary.patients[0])
    assert found.vouched_by == patient.account_id


@pytest.mark.parametrize("who", ["desk", "therapist"])
def test_the_desks_word_for_an_arrival_counts_the_therapists_own_does_not(clinic: Clinic, who: str) -> None:
    therapist = clinic.diary.therapist_actors[0]
    clinic.claim(therapist, clinic.diary.patients[0])
    visit = clinic.book(therapist, clinic.wanted(clinic.first()), patient=clinic.diary.patients[0])
    clinic.clock.set(visit.starts_at)
    simply(clinic, changes.check_in, clinic.diary.desk if who == "desk" else therapist, visit.id)
    with snapshot(clinic.database) as session:
        (found,) = relationships(session, patient_id=clinic.diary.patients[0])
    assert (found.vouched_by is not None) is (who == "desk")


def test_staff_note_an_absence_once_the_visit_has_begun(
    clinic: Clinic, visit: Appointment, bus: EventBus
) -> None:
    heard: list[PatientMissed] = []
    bus.after_commit(PatientMissed, heard.append)
    therapist = clinic.diary.therapist_actors[0]
    with pytest.raises(Conflict, match="not_now"):
        simply(clinic, changes.no_show, therapist, visit.id)
    clinic.clock.set(visit.starts_at)
    with pytest.raises(NotFound):
        simply(clinic, changes.no_show, clinic.diary.patient_actors[0], visit.id)
    assert simply(clinic, changes.no_show, therapist, visit.id).status is Status.NOSHOW
    assert len(heard) == 1


def test_every_change_is_in_the_log(clinic: Clinic, visit: Appointment) -> None:
    move(clinic, clinic.diary.desk, visit, timedelta(hours=1))
    cancel(clinic, clinic.diary.desk, visit)
    with snapshot(clinic.database) as session:
        entries = session.scalars(
            select(AuditEntry.action).where(AuditEntry.object_id == visit.id).order_by(AuditEntry.action)
        ).all()
    assert entries == ["appointment.book", "appointment.cancel", "appointment.move"]


def test_a_video_visit_in_which_both_met_is_fulfilled_when_it_is_over(
    clinic: Clinic, visit: Appointment
) -> None:
    patient, therapist = clinic.diary.patient_actors[0], clinic.diary.therapist_actors[0]

    def presence(actor: Actor, who: Seat, *, left: bool = False) -> None:
        now = clinic.clock.now()
        with clinic.act() as session:
            attendance.record_presence(
                session,
                actor=actor,
                clock=clinic.clock,
                appointment_id=visit.id,
                who=who,
                joined_at=None if left else now,
                left_at=now if left else None,
            )

    clinic.clock.set(visit.starts_at)
    presence(therapist, Seat.PRACTITIONER)
    assert clinic.row(visit.id).status is Status.BOOKED
    presence(patient, Seat.PATIENT)
    presence(patient, Seat.PATIENT)
    assert clinic.row(visit.id).status is Status.ARRIVED
    presence(patient, Seat.PATIENT, left=True)
    presence(patient, Seat.PATIENT, left=True)
    clinic.clock.set(visit.ends_at)
    assert settle_past_visits(clinic.database, clinic.clock) == 0
    clinic.clock.advance(timedelta(hours=1))
    assert settle_past_visits(clinic.database, clinic.clock) == 1
    assert clinic.row(visit.id).status is Status.FULFILLED
    assert settle_past_visits(clinic.database, clinic.clock) == 0


def test_a_visit_to_which_nobody_came_is_left_to_staff(clinic: Clinic, visit: Appointment) -> None:
    clinic.clock.set(visit.ends_at + DAY)
    assert settle_past_visits(clinic.database, clinic.clock) == 0
    assert clinic.row(visit.id).status is Status.BOOKED


def test_nobody_is_present_at_a_visit_that_is_not_there(clinic: Clinic) -> None:
    with clinic.act() as session, pytest.raises(NotFound):
        attendance.record_presence(
            session,
            actor=SYSTEM,
            clock=clinic.clock,
            appointment_id=AppointmentId(new_id()),
            who=Seat.PATIENT,
            joined_at=clinic.clock.now(),
        )
