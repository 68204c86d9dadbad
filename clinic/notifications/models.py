"""The queue of messages: whom to write to about what, by ids alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of


class RecipientKind(StrEnum):
    """Which table the recipient stands in."""

    ACCOUNT = "account"
    PATIENT = "patient"


class OutboxState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class OutboxMessage(Base):
    """One message; `due_at` is when it may be tried next, and a worker that takes it moves it on first."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        one_of("recipient_kind", RecipientKind),
        one_of("state", OutboxState),
        Index(None, "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    recipient_kind: Mapped[RecipientKind] = mapped_column(Code(RecipientKind))
    recipient_id: Mapped[UUID]
    ids: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[OutboxState] = mapped_column(Code(OutboxState))
    attempts: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
