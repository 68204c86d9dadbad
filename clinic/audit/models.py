"""The tables of the trail. Rows are inserted and never touched again: triggers on both databases see to it.

Ids are kept without foreign keys: the trail outlives the accounts and objects that it names.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic.audit.triggers import append_only
from clinic.db.base import Base, Code, UTCDateTime, one_of


class Outcome(StrEnum):
    """How an act ended."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class AuditEntry(Base):
    """Who did what to whose data, when, why, and whether it was allowed; no clinical text."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        one_of("outcome", Outcome),
        Index(None, "patient_pseudonym", "at", "id"),
        Index(None, "actor_id", "at", "id"),
        Index(None, "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[UUID]
    actor_role: Mapped[str] = mapped_column(String(200))
    session_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[Outcome] = mapped_column(Code(Outcome))
    patient_pseudonym: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    object_type: Mapped[str | None] = mapped_column(String(40))
    object_id: Mapped[UUID | None]
    purpose: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(200))
    decision_id: Mapped[UUID | None]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditLink(Base):
    """One entry's place in the chain; `hash` covers the previous link's, so none can leave or change."""

    __tablename__ = "audit_link"

    # SQLite numbers rows only in a column of type INTEGER; the sealer gives the numbers itself, from 1 on.
    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    entry: Mapped[AuditEntry] = relationship()


class AuditCheckpoint(Base):
    """A signed head of the chain: after it, history up to `seq` cannot be rewritten unnoticed."""

    __tablename__ = "audit_checkpoint"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))


for _model in (AuditEntry, AuditLink, AuditCheckpoint):
    event.listen(_model.__table__, "after_create", append_only)
