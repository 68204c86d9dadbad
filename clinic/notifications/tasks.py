"""What the worker does for notifications: send what is due, sound the alarm, forget what is long settled.

A message is taken, sent outside of any transaction, and settled: one whose worker dies between sending and
settling may be sent twice, none is lost, and no more than one for each run of `send_due` is in that window. A
failure is the message's own and never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import structlog

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.notifications import queries, services
from clinic.notifications.layout import letter
from clinic.notifications.models import OutboxState
from clinic.notifications.ports import Contact, Letter, NotSent
from clinic.notifications.post import Office
from clinic.notifications.rules.retries import is_spent
from clinic.notifications.rules.ways import Way, Weight, is_declined, ways
from clinic.notifications.services import WORKER_DIED, Taken

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A letter, for whom, and the ways that are tried one after another.

    With `at_once` the next way is tried however the one before has failed.
    """

    contact: Contact
    letter: Letter
    ways: tuple[Way, ...]
    at_once: bool


class _Failed(Exception):
    """No way took the letter; `final` where none will."""

    def __init__(self, way: Way | None, reason: str, *, final: bool) -> None:
        """Keep the last way and why it failed."""
        super().__init__(reason)
        self.way, self.reason, self.final = way, reason, final


def send_due(
    database: Database,
    clock: Clock,
    office: Office,
    *,
    kinds: Collection[str] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, of `kinds` alone where given, until told to stop; return how many were taken."""
    count = 0
    while not stopping() and (one := _next(database, clock, kinds)) is not None:
        _send(database, clock, office, one)
        count += 1
    return count


def watch(database: Database, clock: Clock) -> None:
    """Say in the log that messages wait for longer than they should."""
    with snapshot(database) as session:
        found = queries.backlog(session, now=clock.now())
    if found.overdue:
        _log.error("messages_overdue", count=found.overdue, oldest_seconds=int(found.oldest_seconds))


def sweep(database: Database, clock: Clock) -> None:
    """Forget what was settled a month ago."""
    with transaction(database) as session:
        services.sweep(session, clock=clock)


def _next(database: Database, clock: Clock, kinds: Collection[str] | None) -> Taken | None:
    with transaction(database) as session:
        taken = services.take(session, clock=clock, kinds=kinds)
    return taken[0] if taken else None


def _send(database: Database, clock: Clock, office: Office, one: Taken) -> None:
    if is_spent(one.attempts):
        _give_up(database, clock, one)
        return
    try:
        ready = _prepare(database, clock, office, one)
        way = _hand_over(office, ready) if isinstance(ready, _Ready) else None
    except Exception as error:  # one message's failure is not the others'
        _postpone(database, clock, one, error)
        return
    with transaction(database) as session:
        if isinstance(ready, str):
            services.settle(session, clock=clock, taken=one, state=OutboxState.DROPPED, reason=ready)
        else:
            services.settle(session, clock=clock, taken=one, state=OutboxState.SENT, way=way)


def _give_up(database: Database, clock: Clock, one: Taken) -> None:
    """Close a message that was taken again and again and never settled: it has killed its workers."""
    _log.error("message_killed_workers", message_id=str(one.id), kind=one.kind)
    with transaction(database) as session:
        services.settle(session, clock=clock, taken=one, state=OutboxState.FAILED, reason=WORKER_DIED)


def _postpone(database: Database, clock: Clock, one: Taken, error: Exception) -> None:
    failed = error if isinstance(error, _Failed) else _Failed(None, _code(error), final=False)
    _log.warning("message_not_sent", message_id=str(one.id), kind=one.kind, reason=failed.reason)
    with transaction(database) as session:
        services.postpone(
            session, clock=clock, taken=one, way=failed.way, reason=failed.reason, final=failed.final
        )


def _code(error: Exception) -> str:
    return error.code if isinstance(error, NotSent) else type(error).__name__


def _hand_over(office: Office, ready: _Ready) -> Way:
    """Send by the first way that takes the letter; the next is tried only where one is closed for good.

    Where it is to be `at_once`, the next is tried in any case.
    """
    final = True
    for way in ready.ways:
        failed = _try(office, ready, way)
        if failed is None:
            return way
        final = final and failed.final
        if way is ready.ways[-1] or not (failed.final or ready.at_once):
            raise _Failed(way, failed.reason, final=final)
    raise AssertionError("unreachable")


def _try(office: Office, ready: _Ready, way: Way) -> _Failed | None:
    """Hand the letter over; return why it was not taken."""
    try:
        office.hand_over(way, ready.contact, ready.letter)
    except NotSent as error:
        return _Failed(way, error.code, final=error.final)
    except Exception as error:
        return _Failed(way, type(error).__name__, final=False)
    return None


def _prepare(database: Database, clock: Clock, office: Office, one: Taken) -> _Ready | str:
    """Return where the message goes and how it reads now, or the code of why there is nothing to send."""
    kind = office.kinds.find(one.kind)
    if kind is None or office.directory is None:
        raise NotSent("unknown_kind")
    with snapshot(database) as session:
        if kind.key is not None and kind.key(session, one.ids) != one.dedupe:
            return "no_longer_so"
        contact, texts = office.directory.contact(session, one.recipient), office.texts is not None
        found = ways(contact, kind.weight, texts=texts) if contact and contact.reachable else ()
        if contact is None or not found:
            if contact is not None and is_declined(contact, kind.weight, texts=texts):
                return queries.DECLINED
            represented = office.directory.is_represented(session, one.recipient, clock.now())
            return queries.REPRESENTED if represented else queries.UNREACHABLE
        message = kind.render(session, one.ids, contact.language)
    if message is None:
        return "no_longer_so"
    made = letter(
        message,
        language=contact.language,
        clinic_name=office.sender(contact.language),
        id=one.id,
        address=contact.email,
    )
    return _Ready(contact, made, found, at_once=kind.weight is Weight.DUTY)
