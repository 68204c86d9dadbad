"""The demo's consents, and signed notes of the last sessions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Compartment, Purpose
from clinic.consent.rules.grants import Grant
from clinic.consent.rules.provisions import Effect
from clinic.consent.services import giving
from clinic.demo.cast import note_texts
from clinic.demo.parts import At, Making
from clinic.demo.people import People, Treating
from clinic.ids import ConsentId, NoteId, PatientId, PractitionerId, new_id
from clinic.records import services as records
from clinic.records.rules import content
from clinic.records.rules.content import Section
from clinic.records.rules.templates import TEMPLATES
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.booking import Status

_NOTES_A_PATIENT = 3


def make_files(making: Making, people: People, visits: Sequence[Appointment]) -> None:
    """Let every patient consent to their therapist, and write and sign the notes of the last sessions."""
    therapists = {one.id: one for one in people.therapists}
    patients = {actor.patient_id: actor for actor in people.patients}
    for patient_id, practitioner_id in _pairs(visits):
        _consent(making, patients[patient_id], therapists[practitioner_id])
    making.session.flush()
    for visit in _last_held(visits):
        _write_note(making, therapists[visit.practitioner_id], visit)


def _pairs(visits: Iterable[Appointment]) -> Iterable[tuple[PatientId | None, PractitionerId]]:
    return dict.fromkeys((visit.patient_id, visit.practitioner_id) for visit in visits)


def _consent(making: Making, patient: Actor, therapist: Treating) -> None:
    assert patient.patient_id is not None
    giving.grant(
        making.session,
        actor=patient,
        clock=At(making.now - timedelta(weeks=14)),
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


def _last_held(visits: Sequence[Appointment]) -> Iterator[Appointment]:
    """Yield the last sessions that took place, a few for each patient, oldest first."""
    held: dict[PatientId | None, list[Appointment]] = {}
    for visit in visits:
        if visit.status is Status.FULFILLED:
            held.setdefault(visit.patient_id, []).append(visit)
    for sessions in held.values():
        yield from sessions[-_NOTES_A_PATIENT:]


def _write_note(making: Making, therapist: Treating, visit: Appointment) -> None:
    assert visit.patient_id is not None
    clock = At(visit.ends_at + timedelta(minutes=5))
    author = dataclasses.replace(therapist.actor, stepped_up_until=visit.ends_at + timedelta(minutes=10))
    vault = making.vault_at(clock)
    note_id = NoteId(new_id())
    clearance = records.admit_new(
        making.session,
        actor=author,
        clock=clock,
        vault=vault,
        patient_id=PatientId(visit.patient_id),
        purpose=Purpose.TREATMENT,
        appointment_id=visit.id,
        note_id=note_id,
    )
    new = records.NewNote(note_id, "dap", _text(making, therapist), visit.id)
    records.create_note(making.session, clearance, actor=author, clock=clock, vault=vault, new=new)
    making.session.flush()
    row, to_sign = records.admit(
        making.session,
        actor=author,
        clock=clock,
        vault=vault,
        note_id=note_id,
        action=Action.SIGN,
        purpose=Purpose.TREATMENT,
    )
    records.sign_note(making.session, to_sign, clock=clock, vault=vault, row=row)


def _text(making: Making, therapist: Treating) -> content.Content:
    language = therapist.cast.languages[-1]
    texts = making.die.choice(note_texts()[language])
    titles = TEMPLATES["dap"].empty(language)
    return content.of([Section(part.title, text) for part, text in zip(titles, texts, strict=True)])
