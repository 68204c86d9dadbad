"""The tables of notes. Versions and signatures are added and never changed: the database refuses updates.

Rows may be deleted, unlike those of the audit trail: a superseded draft when its note is signed, and all
of a person's when the law has them erased.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.access.clearance import Compartment
from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.ids import NoteId, PatientId, PractitionerId
from clinic.records.rules.notes import NoteStatus, VersionKind
from clinic.vault import Binding


class Note(Base):
    """One note of one author about one patient; its texts are the versions."""

    __tablename__ = "note"
    __table_args__ = (
        one_of("status", NoteStatus),
        one_of("compartment", Compartment),
        Index(None, "patient_id", "created_at"),
        Index(None, "appointment_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    template: Mapped[str] = mapped_column(String(40))
    compartment: Mapped[Compartment] = mapped_column(Code(Compartment))
    status: Mapped[NoteStatus] = mapped_column(Code(NoteStatus))
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def note_id(self) -> NoteId:
        """Return the id, typed."""
        return NoteId(self.id)

    @property
    def patient(self) -> PatientId:
        """Return whose file this belongs to."""
        return PatientId(self.patient_id)

    @property
    def author(self) -> PractitionerId:
        """Return who wrote this."""
        return PractitionerId(self.author_id)


class NoteVersion(Base):
    """One sealed text; `content_mac` recognises the same text sent again without opening anything."""

    __tablename__ = "note_version"
    __table_args__ = (one_of("kind", VersionKind),)

    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[VersionKind] = mapped_column(Code(VersionKind))
    blob: Mapped[bytes] = mapped_column(LargeBinary)
    blob_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    previous_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    content_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class NoteSignature(Base):
    """The author's Ed25519 signature of one version."""

    __tablename__ = "note_signature"
    __table_args__ = (
        ForeignKeyConstraint(["note_id", "version"], ["note_version.note_id", "note_version.version"]),
    )

    note_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    key_id: Mapped[UUID]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    value: Mapped[bytes] = mapped_column(LargeBinary(64))
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)


def binding(note: Note, version: int, previous_sha256: bytes | None) -> Binding:
    """Return where the text of a version belongs; it opens nowhere else."""
    return Binding(
        content_type="note",
        patient_id=note.patient_id,
        object_id=note.id,
        version=version,
        compartment=note.compartment,
        author_id=note.author_id,
        previous_sha256=previous_sha256,
    )
