"""From a note's id to the note and a clearance for it; the one way that routes take."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.clock import Clock
from clinic.consent import services as consent
from clinic.errors import Denied, NotFound, Unauthenticated
from clinic.ids import NoteId, PatientId, new_id
from clinic.records import queries
from clinic.records.models import Note
from clinic.records.rules.notes import NoteStatus
from clinic.vault import Vault


def admit(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    note_id: NoteId,
    action: Action,
    purpose: Purpose,
) -> tuple[Note, Clearance]:
    """Return a note, locked against others where it is to change, and a clearance for it.

    Raises as `consent.services.clear` does, for what does not exist too; NotFound for another's draft, and
    Denied `note_not_yours` to whoever may read but is not the author.
    """
    row = queries.note(session, note_id=note_id, lock=action is not Action.READ)
    _stay_in_room(actor, None if row is None else row.appointment_id)
    if row is None:
        sought = consent.Subject("note", note_id)
        consent.refuse_absent(
            session, actor=actor, clock=clock, vault=vault, action=action, purpose=purpose, subject=sought
        )
    clearance = consent.clear(
        session,
        actor=actor,
        clock=clock,
        vault=vault,
        patient_id=row.patient,
        action=action,
        purpose=purpose,
        compartment=row.compartment,
        subject=consent.Subject("note", row.id, row.author),
    )
    if row.author != actor.practitioner_id:
        if row.status is NoteStatus.DRAFT:
            raise NotFound()
        if action is not Action.READ:
            raise Denied("note_not_yours")
    return row, clearance


def admit_new(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    patient_id: PatientId,
    purpose: Purpose,
    compartment: Compartment = Compartment.GENERAL,
    appointment_id: UUID | None = None,
    note_id: NoteId | None = None,
) -> Clearance:
    """Return a clearance to write a new note about a patient; raises as `consent.services.clear` does."""
    _stay_in_room(actor, appointment_id)
    return consent.clear(
        session,
        actor=actor,
        clock=clock,
        vault=vault,
        patient_id=patient_id,
        action=Action.WRITE,
        purpose=purpose,
        compartment=compartment,
        subject=consent.Subject("note", note_id or new_id(), actor.practitioner_id),
    )


def _stay_in_room(actor: Actor, appointment_id: UUID | None) -> None:
    """Keep a session that only its seat keeps awake to that visit's notes (decision 10d)."""
    if actor.confined_to is not None and actor.confined_to != appointment_id:
        raise Unauthenticated("session_idle")
