"""Use cases of notes: drafting, signing, amending; `admit` is the way from a note's id to a clearance."""

from clinic.records.services.admission import admit, admit_new
from clinic.records.services.drafting import NewNote, Saved, create_note, save_draft
from clinic.records.services.signing import amend_note, sign_note

__all__ = [
    "NewNote",
    "Saved",
    "admit",
    "admit_new",
    "amend_note",
    "create_note",
    "save_draft",
    "sign_note",
]
