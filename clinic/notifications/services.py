"""The queue: messages are put in with the act they belong to, taken by one worker each, and settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.ids import new_id
from clinic.notifications.models import OutboxMessage, OutboxState, RecipientKind
from clinic.notifications.ports import Recipient
from clinic.notifications.rules.retries import KEPT, LEASE, next_try
from clinic.notifications.rules.ways import Way

WORKER_DIED = "worker_died"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this worker has taken; `attempts` counts this one in."""

    id: UUID
    kind: str
    dedupe: str
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
    dedupe: str | None = None,
    about: UUID | None = None,
) -> bool:
    """Queue a message in the act's own transaction, for now or for `due_at`; tell whether it is a new one.

    A message called `dedupe` is queued once, whoever tries and how often; `about` is the thing it is about.
    """
    now, number = clock.now(), new_id()
    values = {
        "id": number,
        "kind": kind,
        "dedupe": dedupe or str(number),
        "recipient_kind": recipient.kind,
        "recipient_id": recipient.id,
        "about_id": about,
        "ids": {name: str(id) for name, id in ids.items()},
        "state": OutboxState.WAITING,
        "attempts": 0,
        "created_at": now,
        "due_at": due_at or now,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    added = dialect.insert(OutboxMessage).values(**values).on_conflict_do_nothing(index_elements=["dedupe"])
    return session.scalar(added.returning(OutboxMessage.id)) is not None


def take(
    session: Session, *, clock: Clock, limit: int = 1, kinds: Collection[str] | None = None
) -> list[Taken]:
    """Take up to `limit` due messages, or of `kinds` alone, the oldest first.

    Others skip them until the lease is over.
    """
    now = clock.now()
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if kinds is not None:
        due = due.where(OutboxMessage.kind.in_(kinds))
    ids = session.scalars(due).all()
    if not ids:
        return []
    rows = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.state == OutboxState.WAITING)
        .values(attempts=OutboxMessage.attempts + 1, due_at=now + LEASE)
        .returning(OutboxMessage)
        .execution_options(populate_existing=True)
    )
    return sorted((_taken(row) for row in rows), key=lambda one: ids.index(one.id))


def settle(
    session: Session,
    *,
    clock: Clock,
    taken: Taken,
    state: OutboxState,
    way: Way | None = None,
    reason: str | None = None,
) -> None:
    """Close a message as sent, dropped or failed."""
    _write(session, taken, state=state, settled_at=clock.now(), way=way, reason=reason)


def postpone(
    session: Session,
    *,
    clock: Clock,
    taken: Taken,
    way: Way | None = None,
    reason: str | None = None,
    final: bool = False,
) -> None:
    """Put a message that could not be sent back until its next try, or give it up."""
    now = clock.now()
    again = None if final else next_try(taken.attempts, now)
    if again is None:
        _write(session, taken, state=OutboxState.FAILED, settled_at=now, way=way, reason=reason)
    else:
        _write(session, taken, due_at=again, way=way, reason=reason)


def send_again(session: Session, *, clock: Clock, message_id: UUID) -> None:
    """Put a message that did not go out back into the queue; raises NotFound, Conflict("not_failed")."""
    row = session.get(OutboxMessage, message_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if row.state not in {OutboxState.FAILED, OutboxState.DROPPED}:
        raise Conflict("not_failed")
    row.state, row.attempts, row.due_at = OutboxState.WAITING, 0, clock.now()
    row.reason = row.settled_at = None


def send_all_again(session: Session, *, clock: Clock) -> int:
    """Put what is about something and was given up back into the queue; return how many there were.

    What has killed its workers is left to whoever looks at it.
    """
    given_up = (
        OutboxMessage.state == OutboxState.FAILED,
        OutboxMessage.about_id.is_not(None),
        OutboxMessage.reason.is_distinct_from(WORKER_DIED),
    )
    anew = {"state": OutboxState.WAITING, "attempts": 0, "due_at": clock.now()}
    rows = session.execute(
        update(OutboxMessage)
        .where(*given_up)
        .values(**anew, reason=None, settled_at=None)
        .returning(OutboxMessage.id)
    )
    return len(rows.all())


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
        dedupe=row.dedupe,
        recipient=Recipient(row.recipient_kind, row.recipient_id),
        ids=row.named,
        attempts=row.attempts,
    )
