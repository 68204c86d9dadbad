"""Writing a note: every text that is acknowledged is a sealed row of its own, and none is overwritten.

A text written on top of a version that is no longer the current one is kept aside as a conflict, so that
two open windows never cost a sentence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance
from clinic.clock import Clock
from clinic.crypto.mac import hmac_sha256, matches
from clinic.errors import Conflict, Denied, Invalid
from clinic.ids import AppointmentId, NoteId
from clinic.records import queries
from clinic.records.models import Note, NoteVersion, binding
from clinic.records.rules.content import Content
from clinic.records.rules.notes import NoteStatus, VersionKind, lands_as
from clinic.records.rules.templates import TEMPLATES
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class NewNote:
    """What a new note starts with."""

    id: NoteId
    template: str
    content: Content
    appointment_id: AppointmentId | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What has become of a text: the version it is kept as, and the one that is current now."""

    kept: int
    current: int

    @property
    def conflict(self) -> bool:
        """Tell whether the text came too late and stands beside the current one."""
        return self.kept != self.current


def create_note(
    session: Session, clearance: Clearance, *, actor: Actor, clock: Clock, vault: Vault, new: NewNote
) -> Note:
    """Begin a draft by the actor about the patient of `clearance`, in its compartment; raises Invalid."""
    author = actor.practitioner_id
    if author is None or clearance.action is not Action.WRITE:
        raise Denied("not_permitted")
    if new.template not in TEMPLATES:
        raise Invalid("invalid", errors={"template": [f"One of {', '.join(TEMPLATES)}."]})
    visit = new.appointment_id
    if visit is not None and not queries.concerns(
        session, appointment_id=visit, patient_id=clearance.patient_id, author_id=author
    ):
        raise Invalid("invalid", errors={"appointment": ["This is not a visit of this patient with you."]})
    (compartment,) = clearance.compartments
    row = Note(
        id=new.id,
        patient_id=clearance.patient_id,
        author_id=author,
        appointment_id=visit,
        template=new.template,
        compartment=compartment,
        status=NoteStatus.DRAFT,
        version=1,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(row)
    session.flush()
    add_version(session, actor, clock, vault, row, 1, VersionKind.DRAFT, new.content, on=None)
    return row


def save_draft(
    session: Session,
    clearance: Clearance,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    row: Note,
    base: int,
    content: Content,
) -> Saved:
    """Keep a draft's text, written on top of version `base`; raises Conflict `note_locked` once signed.

    The current text sent again, as after a lost answer, makes no new version.
    """
    require(clearance, row, Action.WRITE)
    if row.status is not NoteStatus.DRAFT:
        raise Conflict("note_locked")
    latest = queries.version(session, note_id=row.note_id, number=row.version)
    if latest is not None and matches(latest.content_mac, _mac(vault, row, content)):
        return Saved(row.version, row.version)
    written_on = queries.version(session, note_id=row.note_id, number=base)
    if written_on is None:
        raise Invalid("invalid", errors={"If-Match": ["There is no such version."]})
    kind = lands_as(base=base, current=row.version)
    number = queries.latest_number(session, note_id=row.note_id) + 1
    add_version(session, actor, clock, vault, row, number, kind, content, on=written_on)
    if kind is VersionKind.DRAFT:
        row.version, row.updated_at = number, clock.now()
    return Saved(number, row.version)


def add_version(
    session: Session,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    row: Note,
    number: int,
    kind: VersionKind,
    content: Content,
    *,
    on: NoteVersion | None,
) -> None:
    """Seal `content` as version `number` of the note, bound to the version that it was written on."""
    previous = None if on is None else on.blob_sha256
    blob = vault.seal(session, binding=binding(row, number, previous), plaintext=content.encode())
    session.add(
        NoteVersion(
            note_id=row.id,
            version=number,
            kind=kind,
            blob=blob,
            blob_sha256=hashlib.sha256(blob).digest(),
            previous_sha256=previous,
            content_mac=_mac(vault, row, content),
            created_by=actor.account_id,
            created_at=clock.now(),
        )
    )
    session.flush()


def require(clearance: Clearance, row: Note, action: Action) -> None:
    """Raise Denied unless `clearance` is for doing `action` to this note."""
    fits = (
        clearance.action is action
        and clearance.patient_id == row.patient_id
        and row.compartment in clearance.compartments
        and clearance.author_id in (None, row.author_id)
    )
    if not fits:
        raise Denied("clearance_refused")


def _mac(vault: Vault, row: Note, content: Content) -> bytes:
    """Return what tells whether two versions of one note say the same, to the clinic's key only."""
    note_id: UUID = row.id
    return hmac_sha256(vault.clinic_secret("note_content"), [note_id.bytes, content.encode()])
