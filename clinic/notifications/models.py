"""The queue of messages: whom to write to about what, by ids alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base, Code, UTCDateTime, one_of
from clinic.notifications.rules.ways import Way

LONGEST_KEY = 160


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
    """One message; `due_at` is when it may be tried next, and a worker that takes it moves it on first.

    `dedupe` says what the message is, so that nothing is queued twice; `about_id` is the thing it is about
    (a visit, an offer, an urgent request). `way` is how it went out last, `reason` the code of why not.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        one_of("recipient_kind", RecipientKind),
        one_of("state", OutboxState),
        one_of("way", Way),
        Index(None, "state", "due_at"),
        Index(None, "about_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    dedupe: Mapped[str] = mapped_column(String(LONGEST_KEY), unique=True)
    recipient_kind: Mapped[RecipientKind] = mapped_column(Code(RecipientKind))
    recipient_id: Mapped[UUID]
    about_id: Mapped[UUID | None]
    ids: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[OutboxState] = mapped_column(Code(OutboxState))
    way: Mapped[Way | None] = mapped_column(Code(Way))
    reason: Mapped[str | None] = mapped_column(String(60))
    attempts: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def named(self) -> dict[str, UUID]:
        """Return the ids of what the message is about, by name."""
        return {name: UUID(id) for name, id in self.ids.items()}
