"""Reads of the queue: what became of messages, and what waits for longer than it should."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from clinic.notifications.models import OutboxMessage, OutboxState, RecipientKind
from clinic.notifications.ports import Ids, Recipient
from clinic.notifications.rules.retries import OVERDUE
from clinic.notifications.rules.ways import Way

UNREACHABLE, DECLINED, REPRESENTED = "unreachable", "declined", "represented"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message; `at` is when it was settled, or is tried next."""

    id: UUID
    kind: str
    about: UUID | None
    ids: Ids
    recipient: Recipient
    state: OutboxState
    way: Way | None
    reason: str | None
    attempts: int
    created_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait and should not, and how many were given up within the month."""

    waiting: int
    overdue: int
    oldest_seconds: float
    failed: int


def delivery(session: Session, *, message_id: UUID) -> Delivery | None:
    """Return what became of one message, or None where there is no such message."""
    row = session.get(OutboxMessage, message_id)
    return None if row is None else _delivery(row)


def about(session: Session, *, about_ids: Collection[UUID]) -> Sequence[Delivery]:
    """Return the messages about these things, oldest first."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.about_id.in_(about_ids))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
    )
    return [_delivery(row) for row in rows]


def undelivered(
    session: Session, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> Sequence[Delivery]:
    """Return what is about something and reached nobody, the last settled first, from after `before` on."""
    row = OutboxMessage
    unreachable = and_(row.state == OutboxState.DROPPED, row.reason == UNREACHABLE)
    chosen = select(row).where(or_(row.state == OutboxState.FAILED, unreachable), row.about_id.is_not(None))
    if before is not None:
        at, number = before
        chosen = chosen.where(or_(row.settled_at < at, and_(row.settled_at == at, row.id < number)))
    return [
        _delivery(one)
        for one in session.scalars(chosen.order_by(row.settled_at.desc(), row.id.desc()).limit(limit))
    ]


def backlog(session: Session, *, now: datetime) -> Backlog:
    """Return what waits, and since when the oldest of what should have left has been due."""
    waiting = OutboxMessage.state == OutboxState.WAITING
    late = and_(waiting, OutboxMessage.due_at < now - OVERDUE)
    oldest = session.scalar(select(func.min(OutboxMessage.due_at)).where(late))
    return Backlog(
        waiting=_count(session, waiting),
        overdue=_count(session, late),
        oldest_seconds=0.0 if oldest is None else (now - oldest).total_seconds(),
        failed=_count(session, OutboxMessage.state == OutboxState.FAILED),
    )


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(OutboxMessage).where(condition)) or 0


def _delivery(row: OutboxMessage) -> Delivery:
    return Delivery(
        id=row.id,
        kind=row.kind,
        about=row.about_id,
        ids=row.named,
        recipient=Recipient(RecipientKind(row.recipient_kind), row.recipient_id),
        state=row.state,
        way=row.way,
        reason=row.reason,
        attempts=row.attempts,
        created_at=row.created_at,
        at=row.settled_at or row.due_at,
    )
