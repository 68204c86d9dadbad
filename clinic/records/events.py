"""What has happened to notes."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.ids import NoteId, PatientId, PractitionerId


@dataclass(frozen=True, slots=True)
class NoteSigned:
    """A version of a note was signed; `amended` where an earlier one was before."""

    note_id: NoteId
    patient_id: PatientId
    author_id: PractitionerId
    version: int
    amended: bool
