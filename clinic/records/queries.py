"""Reads of notes. What shows a text takes a `Clearance`; what a clearance does not reach is not listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, column, func, or_, select, table
from sqlalchemy.orm import Session

from clinic.access.clearance import Clearance, Compartment
from clinic.crypto.signing import fingerprint
from clinic.identity.services import names
from clinic.ids import AppointmentId, NoteId, PatientId, PractitionerId
from clinic.records.models import Note, NoteSignature, NoteVersion, binding
from clinic.records.rules import content
from clinic.records.rules.content import Content, Section
from clinic.records.rules.notes import NoteStatus, VersionKind, VersionStatus, etag, version_status
from clinic.records.rules.signature import Statement
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature as people see it; `verified` is None where it was not checked, as in lists."""

    key: UUID
    fingerprint: str
    verified: bool | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as it is shown; `sections` is None where its text was not opened."""

    id: NoteId
    patient: PatientId
    author: PractitionerId
    author_name: str
    appointment: AppointmentId | None
    status: NoteStatus
    template: str
    compartment: Compartment
    version: int
    created_at: datetime
    updated_at: datetime
    signed_at: datetime | None
    signature: SignatureView | None
    etag: str
    sections: Sequence[Section] | None = None


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in a note's history."""

    version: int
    status: VersionStatus
    author_name: str
    created_at: datetime
    reason: str | None
    sections: Sequence[Section] | None = None


def note(session: Session, *, note_id: NoteId, lock: bool = False) -> Note | None:
    """Return one note, or None; `lock` keeps others from changing it until the transaction ends."""
    chosen = select(Note).where(Note.id == note_id)
    return session.scalars(chosen.with_for_update() if lock else chosen).one_or_none()


def drafts_of(session: Session, *, author: PractitionerId, limit: int) -> Sequence[Note]:
    """Return an author's drafts, oldest first."""
    mine = select(Note).where(Note.author_id == author, Note.status == NoteStatus.DRAFT)
    return session.scalars(mine.order_by(Note.created_at, Note.id).limit(limit)).all()


def version(session: Session, *, note_id: NoteId, number: int) -> NoteVersion | None:
    """Return one version, or None."""
    return session.get(NoteVersion, (note_id, number))


def latest_number(session: Session, *, note_id: NoteId) -> int:
    """Return the highest version number given so far, conflicts included."""
    chosen = select(func.max(NoteVersion.version)).where(NoteVersion.note_id == note_id)
    return session.scalar(chosen) or 0


def signature(session: Session, *, note_id: NoteId, number: int) -> NoteSignature | None:
    """Return the signature of one version, or None."""
    return session.get(NoteSignature, (note_id, number))


def concerns(
    session: Session, *, appointment_id: AppointmentId, patient_id: PatientId, author_id: PractitionerId
) -> bool:
    """Tell whether the visit is this patient's with this practitioner."""
    visit = table("appointment", column("id"), column("patient_id"), column("practitioner_id"))
    chosen = select(visit.c.id).where(
        visit.c.id == appointment_id,
        visit.c.patient_id == patient_id,
        visit.c.practitioner_id == author_id,
    )
    return session.execute(chosen).first() is not None


def notes_of(
    session: Session,
    clearances: Sequence[Clearance],
    *,
    reader: PractitionerId | None,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> Sequence[NoteView]:
    """Return the notes that `clearances` reach, newest first; drafts are shown to their author alone."""
    chosen = (
        select(Note, NoteSignature)
        .outerjoin(
            NoteSignature, and_(NoteSignature.note_id == Note.id, NoteSignature.version == Note.version)
        )
        .where(
            or_(*(_reached(clearance) for clearance in clearances)),
            or_(Note.status != NoteStatus.DRAFT, Note.author_id == reader),
        )
    )
    if before is not None:
        at, note_id = before
        chosen = chosen.where(or_(Note.created_at < at, and_(Note.created_at == at, Note.id < note_id)))
    rows = session.execute(chosen.order_by(Note.created_at.desc(), Note.id.desc()).limit(limit)).all()
    people = names.practitioner_names(session, practitioner_ids=[row.author for row, _ in rows])
    return [_view(row, people[row.author], signed, None, None) for row, signed in rows]


def read_note(session: Session, clearance: Clearance, *, vault: Vault, row: Note) -> NoteView:
    """Return a note with its text, and with its signature checked."""
    current = session.get_one(NoteVersion, (row.id, row.version))
    text = open_version(session, clearance, vault=vault, row=row, version=current)
    signed = signature(session, note_id=row.note_id, number=row.version)
    verified = None if signed is None else verify(session, clearance, vault=vault, row=row, signed=signed)
    return _view(row, _author_name(session, row), signed, verified, text.sections)


def written_note(session: Session, *, row: Note, sections: Sequence[Section]) -> NoteView:
    """Return a draft as its author has just written it, without opening anything."""
    return _view(row, _author_name(session, row), None, None, sections)


def open_version(
    session: Session, clearance: Clearance, *, vault: Vault, row: Note, version: NoteVersion
) -> Content:
    """Return the text of one version; raises what the vault raises."""
    place = binding(row, version.version, version.previous_sha256)
    return content.decode(vault.open(session, clearance, binding=place, blob=version.blob))


def verify(session: Session, clearance: Clearance, *, vault: Vault, row: Note, signed: NoteSignature) -> bool:
    """Tell whether a signature is the signer's over what is stored now."""
    message = statement(
        session, clearance, vault=vault, row=row, number=signed.version, signed_at=signed.signed_at
    ).message()
    return vault.verify(signed.practitioner_id, message, key_id=signed.key_id, value=signed.value)


def statement(
    session: Session, clearance: Clearance, *, vault: Vault, row: Note, number: int, signed_at: datetime
) -> Statement:
    """Return what a signature on version `number` says."""
    version = session.get_one(NoteVersion, (row.id, number))
    place = binding(row, number, version.previous_sha256)
    before = session.scalars(
        select(NoteSignature.value)
        .where(NoteSignature.note_id == row.id, NoteSignature.version < number)
        .order_by(NoteSignature.version.desc())
        .limit(1)
    ).first()
    return Statement(
        patient_id=row.patient,
        note_id=row.note_id,
        version=number,
        signer_id=row.author,
        digest=vault.digest(session, clearance, binding=place, blob=version.blob),
        signed_at=signed_at,
        previous=before,
    )


def history(
    session: Session, clearance: Clearance, *, vault: Vault, row: Note, own: bool
) -> Sequence[VersionView]:
    """Return a note's versions without texts, newest first; unsigned ones to their author (`own`) alone."""
    name = _author_name(session, row)
    return [
        _version_view(session, clearance, vault, row, version, signed is not None, name)
        for version, signed in _versions(session, row, own=own)
    ]


def read_version(
    session: Session, clearance: Clearance, *, vault: Vault, row: Note, number: int, own: bool
) -> VersionView | None:
    """Return one version with its text, or None where there is none for this reader."""
    found = [pair for pair in _versions(session, row, own=own) if pair[0].version == number]
    if not found:
        return None
    version, signed = found[0]
    text = open_version(session, clearance, vault=vault, row=row, version=version)
    name = _author_name(session, row)
    view = _version_view(session, clearance, vault, row, version, signed is not None, name)
    return replace(view, sections=text.sections)


def _versions(session: Session, row: Note, *, own: bool) -> Sequence[tuple[NoteVersion, int | None]]:
    chosen = (
        select(NoteVersion, NoteSignature.version)
        .outerjoin(
            NoteSignature,
            and_(NoteSignature.note_id == NoteVersion.note_id, NoteSignature.version == NoteVersion.version),
        )
        .where(NoteVersion.note_id == row.id)
        .order_by(NoteVersion.version.desc())
    )
    if not own:
        chosen = chosen.where(NoteSignature.version.is_not(None))
    return [(version, signed) for version, signed in session.execute(chosen)]


def _version_view(
    session: Session,
    clearance: Clearance,
    vault: Vault,
    row: Note,
    version: NoteVersion,
    signed: bool,
    author_name: str,
) -> VersionView:
    """Return a version as it is listed; only an amendment is opened, for its reason."""
    reason = None
    if version.kind is VersionKind.AMENDMENT:
        reason = open_version(session, clearance, vault=vault, row=row, version=version).reason
    return VersionView(
        version=version.version,
        status=version_status(version.kind, signed=signed),
        author_name=author_name,
        created_at=version.created_at,
        reason=reason,
    )


def _reached(clearance: Clearance) -> ColumnElement[bool]:
    """Return the condition that a note is within a clearance."""
    within = and_(
        Note.patient_id == clearance.patient_id,
        Note.compartment.in_(sorted(clearance.compartments)),
    )
    if clearance.author_id is None:
        return within
    return and_(within, Note.author_id == clearance.author_id)


def _author_name(session: Session, row: Note) -> str:
    return names.practitioner_names(session, practitioner_ids=[row.author])[row.author]


def _view(
    row: Note,
    author_name: str,
    signed: NoteSignature | None,
    verified: bool | None,
    sections: Sequence[Section] | None,
) -> NoteView:
    return NoteView(
        id=row.note_id,
        patient=row.patient,
        author=row.author,
        author_name=author_name,
        appointment=None if row.appointment_id is None else AppointmentId(row.appointment_id),
        status=row.status,
        template=row.template,
        compartment=row.compartment,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        signed_at=None if signed is None else signed.signed_at,
        signature=None if signed is None else _signature_view(signed, verified),
        etag=etag(row.version),
        sections=sections,
    )


def _signature_view(signed: NoteSignature, verified: bool | None) -> SignatureView:
    return SignatureView(signed.key_id, fingerprint(signed.public_key), verified)
