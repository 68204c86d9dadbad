"""Booking over what is in the way: by the desk, with a reason, on record, and never into a patient's day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services import changes, reading
from clinic.scheduling.services.planning import Wanted
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary, make_room
from tests.integration.scheduling.conftest import Clinic

HOUR = timedelta(hours=1)
WHY = "In tears at the desk"


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """Three patients, of whom two may want one time."""
    return make_diary(database, vault, patients=3)


@pytest.fixture
def there(clinic: Clinic) -> Appointment:
    """The visit that is in the way."""
    return clinic.book(clinic.diary.patient_actors[0], clinic.wanted(clinic.slots()[0]))


def book_over(clinic: Clinic, there: Appointment, *, patient: int = 1) -> Appointment:
    half = there.starts_at + HOUR / 2
    wanted = Wanted(there.service_id, there.practitioner_id, half, Modality.VIDEO)
    return clinic.book(clinic.diary.desk, wanted, patient=clinic.diary.patients[patient], override=WHY)


def test_the_desk_books_over_a_visit_and_says_why(clinic: Clinic, there: Appointment) -> None:
    row = book_over(clinic, there)
    assert row.overbook_of == there.id
    assert row.override_reason_sealed is not None
    assert b"tears" not in row.override_reason_sealed
    with snapshot(clinic.database) as session:
        entries = session.execute(
            select(AuditEntry.action, AuditEntry.reason).where(AuditEntry.object_id == row.id)
        )
        assert {action: reason for action, reason in entries} == {
            "appointment.book": None,
            "appointment.override": "overlap",
        }


def test_patients_and_practitioners_override_nothing(clinic: Clinic, there: Appointment) -> None:
    wanted = Wanted(there.service_id, there.practitioner_id, there.starts_at, Modality.VIDEO)
    therapist = next(
        one for one in clinic.diary.therapist_actors if one.practitioner_id == there.practitioner_id
    )
    clinic.claim(therapist, clinic.diary.patients[1])
    for actor in (clinic.diary.patient_actors[1], therapist):
        with pytest.raises(Denied, match="not_permitted"):
            clinic.book(actor, wanted, patient=clinic.diary.patients[1], override=WHY)
        with pytest.raises(Denied, match="not_permitted"):
            clinic.move(
                therapist if actor is therapist else clinic.diary.patient_actors[0],
                there.id,
                there.starts_at + HOUR,
                override=WHY,
            )


def test_nobody_is_booked_into_a_visit_of_their_own(clinic: Clinic, there: Appointment) -> None:
    with pytest.raises(Conflict, match="visit_overlap"):
        book_over(clinic, there, patient=0)


def test_the_desk_books_outside_opening_hours_but_not_into_the_past(clinic: Clinic) -> None:
    slot = clinic.first()
    midnight = clinic.wanted(slot, starts_at=slot.starts_at + 11 * HOUR)
    row = clinic.book(clinic.diary.desk, midnight, patient=clinic.diary.patients[0], override=WHY)
    assert row.overbook_of is None
    with snapshot(clinic.database) as session:
        reason = select(AuditEntry.reason).where(AuditEntry.action == "appointment.override")
        assert session.scalars(reason).all() == ["outside_hours"]
    past = clinic.wanted(slot, starts_at=clinic.clock.now() - HOUR)
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(clinic.diary.desk, past, patient=clinic.diary.patients[0], override=WHY)


def test_nothing_plain_is_booked_or_moved_onto_what_was_booked_over(
    clinic: Clinic, there: Appointment
) -> None:
    """The constraint does not see a visit that was booked over another; the service does."""
    over = book_over(clinic, there)
    starts = {slot.starts_at for slot in clinic.slots(Wish(there.practitioner_id), limit=20)}
    after = there.starts_at + HOUR
    assert after not in starts
    wanted = Wanted(there.service_id, there.practitioner_id, after, Modality.VIDEO)
    with pytest.raises(Conflict, match="slot_taken"):
        clinic.book(clinic.diary.patient_actors[2], wanted)
    later = clinic.book(
        clinic.diary.patient_actors[2],
        Wanted(there.service_id, there.practitioner_id, after + HOUR, Modality.VIDEO),
    )
    with pytest.raises(Conflict, match="slot_taken"):
        clinic.move(clinic.diary.desk, later.id, after)
    assert clinic.row(over.id).overbook_of == there.id


def test_a_visit_is_moved_over_another_and_becomes_plain_where_it_is_alone(
    clinic: Clinic, there: Appointment
) -> None:
    free = there.starts_at + 3 * HOUR
    wanted = Wanted(there.service_id, there.practitioner_id, free, Modality.VIDEO)
    visit = clinic.book(clinic.diary.patient_actors[1], wanted)
    moved = clinic.move(clinic.diary.desk, visit.id, there.starts_at, override=WHY)
    assert (moved.overbook_of, moved.override_reason_sealed is not None) == (there.id, True)
    back = clinic.move(clinic.diary.desk, visit.id, free)
    assert (back.overbook_of, back.override_reason_sealed) == (None, None)


@pytest.mark.parametrize("how", ["cancel", "move"])
def test_when_the_first_visit_goes_the_one_over_it_takes_its_place(
    clinic: Clinic, there: Appointment, how: str
) -> None:
    over, second = book_over(clinic, there), book_over(clinic, there, patient=2)
    if how == "cancel":
        with clinic.act() as session:
            changes.cancel(
                session,
                actor=clinic.diary.desk,
                clock=clinic.clock,
                fields=clinic.vault.fields,
                appointment_id=there.id,
                reason=None,
            )
    else:
        clinic.move(clinic.diary.desk, there.id, there.starts_at + 3 * HOUR)
    left = [clinic.row(one.id).overbook_of for one in (over, second)]
    assert sorted(one is None for one in left) == [False, True]  # one of them is plain, one is over it
    assert clinic.row(over.id).version == over.version


def test_staff_see_that_and_why_and_the_patient_does_not(clinic: Clinic, there: Appointment) -> None:
    over = book_over(clinic, there)
    with clinic.act() as session:
        desk = reading.whole(session, clinic.reader(clinic.diary.desk), over.id)
        patient = reading.whole(session, clinic.reader(clinic.diary.patient_actors[1]), over.id)
    assert (desk.overbooked, desk.overbook_of, desk.override_reason) == (True, there.id, WHY)
    assert (patient.overbooked, patient.overbook_of, patient.override_reason) == (False, None, None)


def test_a_visit_in_person_is_booked_over_into_a_free_room_or_none(clinic: Clinic) -> None:
    room = make_room(clinic.database, clinic.diary.site, "1")
    slot = clinic.first()
    wanted = clinic.wanted(slot, modality=Modality.IN_PERSON)
    assert clinic.book(clinic.diary.patient_actors[0], wanted).room_id == room
    over = clinic.book(clinic.diary.desk, wanted, patient=clinic.diary.patients[1], override=WHY)
    assert over.room_id is None
