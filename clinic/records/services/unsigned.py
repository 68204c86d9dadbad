"""What is still to sign: an author's own drafts by patient and day. A list of work, no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.identity.services import names
from clinic.ids import NoteId, PatientId
from clinic.records import queries
from clinic.vault import Vault

MOST = 100


@dataclass(frozen=True, slots=True)
class Unsigned:
    """One draft of the reader."""

    id: NoteId
    patient: PatientId
    patient_name: str
    created_at: datetime
    updated_at: datetime


def unsigned(session: Session, *, actor: Actor, clock: Clock, vault: Vault) -> Sequence[Unsigned]:
    """Return the actor's drafts, the longest waiting first; opening one still takes a clearance."""
    audit.record(session, actor=actor, clock=clock, action="note.unsigned")
    if actor.practitioner_id is None:
        return []
    rows = queries.drafts_of(session, author=actor.practitioner_id, limit=MOST)
    people = names.patient_names(session, vault=vault, patient_ids=[row.patient_id for row in rows])
    return [
        Unsigned(row.note_id, row.patient, people[row.patient], row.created_at, row.updated_at)
        for row in rows
    ]
