"""Signing locks a note; what has to change later is amended: a new signed version with its reason."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance
from clinic.clock import Clock
from clinic.errors import Conflict, PreconditionFailed
from clinic.records import queries
from clinic.records.models import Note, NoteSignature, NoteVersion
from clinic.records.rules.content import Content
from clinic.records.rules.notes import NoteStatus, VersionKind
from clinic.records.services.drafting import add_version, require
from clinic.vault import Vault


def sign_note(
    session: Session,
    clearance: Clearance,
    *,
    clock: Clock,
    vault: Vault,
    row: Note,
    seen: int | None = None,
) -> NoteSignature:
    """Sign the current version as its author and lock the note.

    Raises PreconditionFailed when the author has seen another version than is current, Conflict
    `note_locked` when it is signed already. Superseded drafts are deleted: they are no part of the record.
    """
    require(clearance, row, Action.SIGN)
    if row.status is not NoteStatus.DRAFT:
        raise Conflict("note_locked")
    if seen is not None and seen != row.version:
        raise PreconditionFailed("note_changed", current=row.version)
    signed = _sign(session, clearance, clock, vault, row)
    session.execute(
        delete(NoteVersion).where(
            NoteVersion.note_id == row.id,
            NoteVersion.kind == VersionKind.DRAFT,
            NoteVersion.version < row.version,
        )
    )
    row.status, row.updated_at = NoteStatus.SIGNED, clock.now()
    return signed


def amend_note(
    session: Session,
    clearance: Clearance,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    row: Note,
    content: Content,
    seen: int | None = None,
) -> NoteSignature:
    """Add and sign a version that says why it was needed; the versions before stay as they were signed.

    Raises Conflict `note_not_signed` on a draft and PreconditionFailed as `sign_note` does.
    """
    require(clearance, row, Action.SIGN)
    if row.status is NoteStatus.DRAFT:
        raise Conflict("note_not_signed")
    if seen is not None and seen != row.version:
        raise PreconditionFailed("note_changed", current=row.version)
    before = queries.version(session, note_id=row.note_id, number=row.version)
    number = queries.latest_number(session, note_id=row.note_id) + 1
    add_version(session, actor, clock, vault, row, number, VersionKind.AMENDMENT, content, on=before)
    row.version, row.status, row.updated_at = number, NoteStatus.AMENDED, clock.now()
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="note.amend",
        patient_id=row.patient_id,
        object_type="note",
        object_id=row.id,
        decision_id=clearance.decision_id,
    )
    return _sign(session, clearance, clock, vault, row)


def _sign(session: Session, clearance: Clearance, clock: Clock, vault: Vault, row: Note) -> NoteSignature:
    signed_at = clock.now()
    statement = queries.statement(
        session, clearance, vault=vault, row=row, number=row.version, signed_at=signed_at
    )
    made = vault.sign(row.author_id, statement.message())
    signed = NoteSignature(
        note_id=row.id,
        version=row.version,
        practitioner_id=row.author_id,
        key_id=made.key_id,
        public_key=made.public_key,
        value=made.value,
        signed_at=signed_at,
    )
    session.add(signed)
    session.flush()
    return signed
