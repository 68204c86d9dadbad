"""The tables of people. Names and contacts are sealed; e-mail and phone are found by a blind index."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.access.actor import Role
from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.db.edited import Edited


class Clinic(Edited, Base):
    """What the clinic says of itself, once it has saved that: one row; its first language is the default."""

    __tablename__ = "clinic"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("digits IN ('latn', 'arab')", name="digits"),
        CheckConstraint("week_start BETWEEN 0 AND 6", name="week_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    tz: Mapped[str] = mapped_column(String(64))
    languages: Mapped[list[str]] = mapped_column(JSON)
    digits: Mapped[str] = mapped_column(String(4))
    week_start: Mapped[int]
    phone: Mapped[str] = mapped_column(String(40))
    closed_directory: Mapped[bool]


class AccountStatus(StrEnum):
    """How far an account has come."""

    INVITED = "invited"
    UNVERIFIED = "unverified"
    ACTIVE = "active"
    DISABLED = "disabled"


class CareKind(StrEnum):
    """What a practitioner is to a patient."""

    TREATING = "treating"
    SUPERVISING = "supervising"
    COVERING = "covering"


class RelationshipSource(StrEnum):
    """What a care relationship came from."""

    BOOKING = "booking"
    ASSIGNMENT = "assignment"


class TokenKind(StrEnum):
    """What a one-time token is good for."""

    VERIFICATION = "verification"
    PASSWORD_RESET = "password_reset"
    INVITATION = "invitation"


class Account(Edited, Base):
    """Someone who can sign in; sealed fields are owned by the account's id in the vault.

    The telephone is that of people who work here; a patient's is on their file.
    For those who work here, roles, state and what patients are told of them are one document.
    """

    __tablename__ = "account"
    __table_args__ = (one_of("status", AccountStatus),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2))
    tz: Mapped[str] = mapped_column(String(64))
    mail_wanted: Mapped[bool] = mapped_column(default=True)
    sms_wanted: Mapped[bool] = mapped_column(default=False)
    reminders_wanted: Mapped[bool] = mapped_column(default=True, server_default=true())
    status: Mapped[AccountStatus] = mapped_column(Code(AccountStatus))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    roles: Mapped[list[AccountRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class AccountRole(Base):
    """One role of one account, and who gave it."""

    __tablename__ = "account_role"
    __table_args__ = (one_of("role", Role),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Code(Role), primary_key=True)
    granted_by: Mapped[UUID]
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Patient(Base):
    """A person in care, with or without an account; sealed fields are owned by the patient's id.

    `reminders_wanted` counts where there is no account that says it.
    """

    __tablename__ = "patient"
    __table_args__ = (Index(None, "phone_index"), Index(None, "email_index"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), unique=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    preferred_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    birth_date_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(2))
    reminders_wanted: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Practitioner(Base):
    """Someone who treats; the name is public, since patients choose by it."""

    __tablename__ = "practitioner"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    profession: Mapped[str] = mapped_column(String(40))
    gender: Mapped[str] = mapped_column(String(20))
    languages: Mapped[list[str]] = mapped_column(JSON)
    specialties: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WebSession(Base):
    """One signed-in browser; the token itself is only with the browser."""

    __tablename__ = "web_session"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stepped_up_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CareRelationship(Base):
    """Who treats whom, since when, and who vouches for it (decision 10b).

    It opens nothing until the patient confirms it or somebody other than the practitioner assigned it.
    """

    __tablename__ = "care_relationship"
    __table_args__ = (
        one_of("kind", CareKind),
        one_of("source", RelationshipSource),
        UniqueConstraint("patient_id", "practitioner_id", "kind"),
        Index(None, "practitioner_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    kind: Mapped[CareKind] = mapped_column(Code(CareKind))
    source: Mapped[RelationshipSource] = mapped_column(Code(RelationshipSource))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PatientInvitation(Base):
    """An account that is offered to somebody on file: once, for a time, to the address it had then."""

    __tablename__ = "patient_invitation"
    __table_args__ = (Index(None, "patient_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    email_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Guardianship(Base):
    """Who stands in for a minor, from when until when, checked on papers by somebody at the desk.

    `private_sealed` lists the kinds of visit that the guardian is not told about; it is owned by the
    patient's id, since what somebody hides tells what is there.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="period"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(None, "account_id"),
        Index(None, "patient_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    private_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    verified_by: Mapped[UUID]
    verified_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OneTimeToken(Base):
    """A secret sent to somebody to prove that they read it; single use, short-lived, kept as a hash."""

    __tablename__ = "one_time_token"
    __table_args__ = (one_of("kind", TokenKind),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[TokenKind] = mapped_column(Code(TokenKind))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
