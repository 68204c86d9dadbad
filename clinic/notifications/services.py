"""The queue: messages are put in with the act they belong to, taken by one worker each, and settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.ids import new_id
from clinic.notifications.models import OutboxMessage, OutboxState, RecipientKind
from clinic.notifications.ports import Recipient
from clinic.notifications.rules.retries import KEPT, LEASE, next_try


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this worker has taken; `attempts` counts this one in."""

    id: UUID
    kind: str
    recipient: Recipient
    ids: Mapping[str, UUID]
    attempts: int


def to_account(account_id: UUID) -> Recipient:
    """Address somebody who can sign in."""
    return Recipient(RecipientKind.ACCOUNT, account_id)


def to_patient(patient_id: UUID) -> Recipient:
    """Address a patient, with or without an account."""
    return Recipient(RecipientKind.PATIENT, patient_id)


def enqueue(
    session: Session,
    *,
    clock: Clock,
    kind: str,
    recipient: Recipient,
    ids: Mapping[str, UUID],
    due_at: datetime | None = None,
) -> None:
    """Queue a message in the act's own transaction, for now or for `due_at`."""
    now = clock.now()
    session.add(
        OutboxMessage(
            id=new_id(),
            kind=kind,
            recipient_kind=recipient.kind,
            recipient_id=recipient.id,
            ids={name: str(id) for name, id in ids.items()},
            state=OutboxState.WAITING,
            attempts=0,
            created_at=now,
            due_at=due_at or now,
        )
    )


def take(session: Session, *, clock: Clock, limit: int) -> list[Taken]:
    """Take up to `limit` due messages, the oldest first; others skip them until the lease is over."""
    now = clock.now()
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(due).all()
    rows = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.state == OutboxState.WAITING)
        .values(attempts=OutboxMessage.attempts + 1, due_at=now + LEASE)
        .returning(OutboxMessage)
        .execution_options(populate_existing=True)
    )
    return sorted((_taken(row) for row in rows), key=lambda one: ids.index(one.id))


def settle(session: Session, *, clock: Clock, taken: Taken, state: OutboxState) -> None:
    """Close a message as sent or dropped."""
    _write(session, taken, state=state, settled_at=clock.now())


def postpone(session: Session, *, clock: Clock, taken: Taken) -> None:
    """Put a message that could not be sent back until its next try, or give it up."""
    now = clock.now()
    again = next_try(taken.attempts, now)
    if again is None:
        _write(session, taken, state=OutboxState.FAILED, settled_at=now)
    else:
        _write(session, taken, due_at=again)


def sweep(session: Session, *, clock: Clock) -> None:
    """Forget what was settled a month ago."""
    session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.state != OutboxState.WAITING, OutboxMessage.settled_at < clock.now() - KEPT
        )
    )


def _write(session: Session, taken: Taken, **values: object) -> None:
    """Change the message unless another worker has taken it meanwhile."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == taken.id, OutboxMessage.attempts == taken.attempts)
        .values(**values)
    )


def _taken(row: OutboxMessage) -> Taken:
    return Taken(
        id=row.id,
        kind=row.kind,
        recipient=Recipient(row.recipient_kind, row.recipient_id),
        ids={name: UUID(id) for name, id in row.ids.items()},
        attempts=row.attempts,
    )
