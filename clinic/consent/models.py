"""The table of consents: rows are added and withdrawn, never changed or deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.consent.rules.directives import Status
from clinic.db.base import Base, Code, UTCDateTime, one_of


class Consent(Base):
    """What a patient said about one practitioner, in which words, from when until when.

    `provision_sealed` is the FHIR R4 provision, owned by the patient's id in the vault: which parts of a
    file somebody hides tells what is in them.
    """

    __tablename__ = "consent"
    __table_args__ = (
        one_of("status", Status),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="period"),
        CheckConstraint("(status = 'active') = (revoked_at IS NULL)", name="revoked"),
        Index(None, "patient_id", "granted_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    status: Mapped[Status] = mapped_column(Code(Status))
    provision_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    form_id: Mapped[str] = mapped_column(String(80))
    form_sha256: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    granted_by: Mapped[UUID]
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
