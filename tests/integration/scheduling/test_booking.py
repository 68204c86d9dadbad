"""Holding and booking: only what is offered, only once, and whoever books gains nothing by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.db.transaction import snapshot
from clinic.errors import ClinicError, Conflict, Denied, Invalid, NotFound, TooMany
from clinic.identity.services.relationships import relationships
from clinic.ids import AppointmentId, PatientId, ServiceId, new_id
from clinic.scheduling.events import AppointmentBooked
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.zones import tzdb_version
from clinic.scheduling.services import holds
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.tasks import forget_holds
from tests.integration.scheduling.conftest import Clinic

HOUR = timedelta(hours=1)


def test_books_an_offered_time(clinic: Clinic) -> None:
    patient, slot = clinic.diary.patient_actors[0], clinic.first()
    row = clinic.row(clinic.book(patient, clinic.wanted(slot)).id)
    assert (row.status, row.patient_id, row.practitioner_id) == (
        Status.BOOKED,
        patient.patient_id,
        slot.practitioner,
    )
    assert (row.starts_at, row.busy_to) == (slot.starts_at, slot.starts_at + HOUR)
    assert (row.wall_start, row.tz, row.tzdb) == ("2026-11-22T13:00", "Asia/Jerusalem", tzdb_version())


def test_the_same_time_is_taken_and_three_others_are_named(clinic: Clinic) -> None:
    first, second = clinic.diary.patient_actors
    slot = clinic.first()
    clinic.book(first, clinic.wanted(slot))
    with pytest.raises(Conflict) as caught:
        clinic.book(second, clinic.wanted(slot))
    assert caught.value.code == "slot_taken"
    offered = caught.value.facts["alternatives"]
    assert isinstance(offered, list)
    assert len(offered) == 3
    assert offered[0]["starts_at"] > slot.starts_at.isoformat()


def test_a_patient_has_one_visit_at_a_time(clinic: Clinic) -> None:
    patient = clinic.diary.patient_actors[0]
    clinic.book(patient, clinic.wanted(clinic.first(0)))
    with pytest.raises(Conflict, match="visit_overlap"):
        clinic.book(patient, clinic.wanted(clinic.first(1)))


def test_every_offered_time_can_be_booked_and_no_other(clinic: Clinic) -> None:
    patient, wish = clinic.diary.patient_actors[0], Wish(clinic.diary.practitioners[0])
    offered = {slot.starts_at for slot in clinic.slots(wish, limit=12)}
    moment = min(offered) - 4 * HOUR
    while moment < max(offered):
        wanted = Wanted(clinic.diary.service, clinic.diary.practitioners[0], moment, Modality.VIDEO)
        if moment in offered:
            clinic.book(patient, wanted)
        else:
            with pytest.raises(Invalid) as caught:
                clinic.book(patient, wanted)
            assert (caught.value.code, set(caught.value.errors)) == ("slot_not_offered", {"starts_at"})
        moment += timedelta(minutes=30)


def test_refuses_what_is_past_the_horizon_or_not_the_practitioners_service(clinic: Clinic) -> None:
    patient, slot = clinic.diary.patient_actors[0], clinic.first()
    far = slot.starts_at + timedelta(days=49)
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(patient, clinic.wanted(slot, starts_at=far))
    with pytest.raises(Invalid, match="invalid"):
        clinic.book(patient, Wanted(ServiceId(new_id()), slot.practitioner, slot.starts_at, Modality.VIDEO))


def test_staff_book_for_patients_without_lead_time_and_must_say_for_whom(clinic: Clinic) -> None:
    desk, patient = clinic.diary.desk, clinic.diary.patients[0]
    slot = clinic.slots(by_staff=True)[0]
    assert slot.starts_at == clinic.clock.now()
    with pytest.raises(Invalid) as caught:
        clinic.book(desk, clinic.wanted(slot))
    assert set(caught.value.errors) == {"patient"}
    assert clinic.book(desk, clinic.wanted(slot), patient=patient).patient_id == patient


def test_staff_who_book_for_themselves_keep_to_the_rules_of_patients(clinic: Clinic) -> None:
    desk = replace(clinic.diary.desk, patient_id=clinic.diary.patients[0])
    soon = clinic.wanted(clinic.slots(by_staff=True)[0])
    for act in (clinic.hold, clinic.book):
        with pytest.raises(Invalid, match="slot_not_offered"):
            act(desk, soon)
    with pytest.raises(Denied, match="not_permitted"):
        clinic.book(desk, soon, override="It is me.")
    assert clinic.book(desk, soon, patient=clinic.diary.patients[1]).status is Status.BOOKED
    visit = clinic.book(desk, clinic.wanted(clinic.first()))
    with pytest.raises(Conflict, match="too_late"):
        clinic.move(desk, visit.id, clinic.slots(limit=40)[-1].starts_at)


def test_nobody_books_for_another_patient_or_into_a_colleagues_diary(clinic: Clinic) -> None:
    slot, other = clinic.first(1), clinic.diary.patients[1]
    with pytest.raises(NotFound):
        clinic.book(clinic.diary.patient_actors[0], clinic.wanted(slot), patient=other)
    with pytest.raises(Denied, match="not_permitted"):
        clinic.book(clinic.diary.therapist_actors[0], clinic.wanted(slot), patient=other)


def test_practitioners_book_for_those_in_their_care_alone_and_the_try_is_on_record(clinic: Clinic) -> None:
    therapist, (patient, stranger) = clinic.diary.therapist_actors[0], clinic.diary.patients
    clinic.claim(therapist, patient)
    slot = clinic.first()
    with pytest.raises(Denied, match="consent_denied"):
        clinic.book(therapist, clinic.wanted(slot), patient=stranger)
    with pytest.raises(NotFound):
        clinic.book(therapist, clinic.wanted(slot), patient=PatientId(new_id()))
    with snapshot(clinic.database) as session:
        assert relationships(session, patient_id=stranger) == []
        tried = select(AuditEntry.outcome).where(AuditEntry.object_id == stranger)
        assert session.scalars(tried.where(AuditEntry.action == "appointment.book")).all() == ["refused"]
    assert clinic.book(therapist, clinic.wanted(slot), patient=patient).patient_id == patient


@pytest.mark.parametrize(("who", "vouched"), [("patient", True), ("desk", True), ("therapist", False)])
def test_a_relationship_opens_by_anyones_act_but_the_readers_own(
    clinic: Clinic, who: str, vouched: bool
) -> None:
    actors = {
        "patient": clinic.diary.patient_actors[0],
        "desk": clinic.diary.desk,
        "therapist": clinic.diary.therapist_actors[0],
    }
    patient = clinic.diary.patients[0]
    if who == "therapist":
        clinic.claim(actors[who], patient)
    clinic.book(actors[who], clinic.wanted(clinic.first()), patient=patient)
    with snapshot(clinic.database) as session:
        (found,) = relationships(session, patient_id=patient)
    assert found.practitioner_id == clinic.diary.practitioners[0]
    assert (found.vouched_by is not None) is vouched


def test_the_reason_is_sealed_for_its_patient(clinic: Clinic) -> None:
    patient = clinic.diary.patient_actors[0]
    row = clinic.row(clinic.book(patient, clinic.wanted(clinic.first()), reason="I cannot sleep").id)
    assert row.reason_sealed is not None
    assert b"sleep" not in row.reason_sealed
    assert clinic.vault.fields.open(clinic.diary.patients[0], "appointment.reason", row.reason_sealed) == (
        "I cannot sleep"
    )


def test_booking_is_audited_and_announced(clinic: Clinic, bus: EventBus) -> None:
    heard: list[AppointmentBooked] = []
    bus.after_commit(AppointmentBooked, heard.append)
    row = clinic.book(clinic.diary.patient_actors[0], clinic.wanted(clinic.first()))
    assert [event.appointment_id for event in heard] == [row.id]
    with snapshot(clinic.database) as session:
        entries = session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == row.id)).all()
    assert entries == ["appointment.book"]


def test_a_hold_keeps_the_time_from_others_for_ten_minutes(clinic: Clinic) -> None:
    first, second = clinic.diary.patient_actors
    slot = clinic.slots(Wish(clinic.diary.practitioners[0]))[1]
    held = clinic.hold(first, clinic.wanted(slot))
    assert held.hold_expires_at == clinic.clock.now() + timedelta(minutes=10)
    clinic.clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
    with pytest.raises(Conflict, match="slot_taken"):
        clinic.book(second, clinic.wanted(slot))
    clinic.clock.advance(timedelta(seconds=1))
    assert clinic.book(second, clinic.wanted(slot)).starts_at == slot.starts_at


def test_a_hold_becomes_the_visit(clinic: Clinic) -> None:
    patient, slot = clinic.diary.patient_actors[0], clinic.first()
    held = clinic.hold(patient, clinic.wanted(slot))
    row = clinic.book(patient, clinic.wanted(slot), hold=held.id, reason="Sleep")
    assert (row.status, row.hold_expires_at, row.hold_address) == (Status.BOOKED, None, None)
    with snapshot(clinic.database) as session:
        assert session.scalars(select(Appointment.id)).all() == [row.id]


def test_a_lapsed_hold_is_booked_all_the_same_while_nobody_else_has(clinic: Clinic) -> None:
    desk, patient = clinic.diary.desk, clinic.diary.patients[0]
    slot = clinic.first()
    held = clinic.hold(desk, clinic.wanted(slot))
    clinic.clock.advance(timedelta(minutes=11))
    clinic.book(desk, clinic.wanted(slot), patient=patient, hold=held.id)
    assert clinic.row(held.id).status is Status.EXPIRED


def test_a_strangers_hold_is_of_no_use(clinic: Clinic) -> None:
    first, second = clinic.diary.patient_actors
    slot = clinic.first()
    held = clinic.hold(first, clinic.wanted(slot))
    with pytest.raises(Conflict, match="slot_taken"):
        clinic.book(second, clinic.wanted(slot), hold=held.id)


def test_holding_again_replaces_ones_own_hold_of_that_time(clinic: Clinic) -> None:
    patient, slot = clinic.diary.patient_actors[0], clinic.first()
    first = clinic.hold(patient, clinic.wanted(slot))
    second = clinic.hold(patient, clinic.wanted(slot, modality=Modality.PHONE))
    assert (clinic.row(first.id).status, clinic.row(second.id).status) == (Status.EXPIRED, Status.HELD)


def test_a_person_keeps_two_times_at_most(clinic: Clinic) -> None:
    patient, slots = clinic.diary.patient_actors[0], clinic.slots(Wish(clinic.diary.practitioners[0]))
    for slot in slots[:2]:
        clinic.hold(patient, clinic.wanted(slot))
    with pytest.raises(TooMany, match="too_many_holds"):
        clinic.hold(patient, clinic.wanted(slots[2]))
    clinic.hold(clinic.diary.desk, clinic.wanted(slots[2]))


def test_an_address_keeps_ten_times_at_most(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "HOLDS_PER_ADDRESS", 1)
    first, second = clinic.diary.patient_actors
    slots = clinic.slots(Wish(clinic.diary.practitioners[0]))
    clinic.hold(first, clinic.wanted(slots[0]), address=b"one address 1234")
    with pytest.raises(TooMany):
        clinic.hold(second, clinic.wanted(slots[1]), address=b"one address 1234")
    clinic.hold(second, clinic.wanted(slots[1]), address=b"another address!")


def test_lapsed_holds_are_forgotten_after_a_day_and_visits_never(clinic: Clinic) -> None:
    patient, wish = clinic.diary.patient_actors[0], Wish(clinic.diary.practitioners[0])
    first, second = clinic.slots(wish)[:2]
    clinic.hold(patient, clinic.wanted(first))
    booked = clinic.book(patient, clinic.wanted(second))
    clinic.clock.advance(timedelta(days=1))
    assert forget_holds(clinic.database, clinic.clock) == 0
    clinic.clock.advance(timedelta(minutes=11))
    assert forget_holds(clinic.database, clinic.clock) == 1
    with snapshot(clinic.database) as session:
        assert session.scalars(select(Appointment.id)).all() == [booked.id]


def test_a_hold_is_given_up_by_its_owner_alone(clinic: Clinic) -> None:
    first, second = clinic.diary.patient_actors
    held = clinic.hold(first, clinic.wanted(clinic.first()))

    def release(actor: object, hold_id: AppointmentId) -> None:
        with clinic.act() as session:
            holds.release(session, actor=actor, clock=clinic.clock, hold_id=hold_id)  # type: ignore[arg-type]

    for actor, hold_id in ((second, held.id), (first, AppointmentId(new_id()))):
        with pytest.raises(ClinicError, match="not_found"):
            release(actor, hold_id)
    release(first, held.id)
    assert clinic.row(held.id).status is Status.EXPIRED
    with pytest.raises(NotFound):
        release(first, held.id)
