"""The demo's consents, and signed notes of the last sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from clinic.access.actor import Actor
from clinic.access.clearance import Compartment, Purpose
from clinic.consent.rules.grants import Grant
from clinic.consent.rules.provisions import Effect
from clinic.consent.services import giving
from clinic.demo.parts import At, Making
from clinic.demo.people import People, Treating
from clinic.ids import ConsentId, PatientId, PractitionerId, new_id
from clinic.scheduling.models import Appointment


def make_files(making: Making, people: People, visits: Sequence[Appointment]) -> int:
    """Let every patient consent to their therapist; return how many notes were signed."""
    therapists = {one.id: one for one in people.therapists}
    patients = {actor.patient_id: actor for actor in people.patients}
    for patient_id, practitioner_id in _pairs(visits):
        _consent(making, patients[patient_id], therapists[practitioner_id])
    return 0


def _pairs(visits: Iterable[Appointment]) -> Iterable[tuple[PatientId | None, PractitionerId]]:
    return dict.fromkeys((visit.patient_id, visit.practitioner_id) for visit in visits)


def _consent(making: Making, patient: Actor, therapist: Treating) -> None:
    assert patient.patient_id is not None
    giving.grant(
        making.session,
        actor=patient,
        clock=At(making.now - timedelta(weeks=13)),
        vault=making.vault,
        consent_id=ConsentId(new_id()),
        patient_id=PatientId(patient.patient_id),
        grant=Grant(
            effect=Effect.PERMIT,
            practitioner_id=therapist.id,
            purposes=frozenset({Purpose.TREATMENT, Purpose.COORDINATION}),
            compartments=frozenset({Compartment.GENERAL, Compartment.PSYCHOTHERAPY}),
        ),
        form=giving.choose_form(None, effect=Effect.PERMIT, language=patient.language),
    )
