"""Which visits a list shows to whom."""

from __future__ import annotations

from clinic.identity.models import Patient
from clinic.scheduling.queries.appointments import Period
from clinic.scheduling.services import reading
from tests.integration.scheduling.conftest import Clinic


def test_lists_the_visits_of_one_patient_to_the_desk_and_to_nobody_else(clinic: Clinic) -> None:
    one, other = clinic.diary.patient_actors
    mine = clinic.book(one, clinic.wanted(clinic.first()))
    clinic.book(other, clinic.wanted(clinic.first(1)))
    period = Period(patient=clinic.diary.patients[0])
    with clinic.act() as session:
        seen = {
            actor.account_id: [row.id for row in reading.listed(session, clinic.reader(actor), period)]
            for actor in (clinic.diary.desk, one, other)
        }
    assert seen == {clinic.diary.desk.account_id: [mine.id], one.account_id: [mine.id], other.account_id: []}


def test_calls_people_as_they_wish_to_be_called(clinic: Clinic) -> None:
    patient, called = clinic.diary.patients[0], "Umm Karim"
    clinic.book(clinic.diary.patient_actors[0], clinic.wanted(clinic.first()))
    with clinic.act() as session:
        row = session.get_one(Patient, patient)
        row.preferred_name_sealed = clinic.vault.fields.seal(patient, "patient.preferred_name", called)
    with clinic.act() as session:
        (visit,) = reading.listed(session, clinic.reader(clinic.diary.desk), Period())
    assert visit.patient_name == called
