"""What the worker does for notifications: send what is due, forget what is long settled.

A message is sent outside of any transaction and settled after, so that one may be sent twice but none is
lost; a failure is the message's own and never stops the others.
"""

from __future__ import annotations

import structlog

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.notifications import services
from clinic.notifications.layout import letter
from clinic.notifications.models import OutboxState
from clinic.notifications.ports import Contact, Letter, NotSent
from clinic.notifications.post import Office
from clinic.notifications.services import Taken

_AT_ONCE = 20
_log = structlog.get_logger(__name__)


def send_due(database: Database, clock: Clock, office: Office) -> int:
    """Send what is due and return how many messages were taken."""
    with transaction(database) as session:
        taken = services.take(session, clock=clock, limit=_AT_ONCE)
    for one in taken:
        _send(database, clock, office, one)
    return len(taken)


def sweep(database: Database, clock: Clock) -> None:
    """Forget what was settled a month ago."""
    with transaction(database) as session:
        services.sweep(session, clock=clock)


def _send(database: Database, clock: Clock, office: Office, one: Taken) -> None:
    try:
        ready = _prepare(database, office, one)
        if ready is not None:
            office.channel.send(ready[0].email, ready[1])
    except Exception as error:  # one message's failure is not the others'
        code = error.code if isinstance(error, NotSent) else type(error).__name__
        _log.warning("message_not_sent", message_id=str(one.id), kind=one.kind, reason=code)
        with transaction(database) as session:
            services.postpone(session, clock=clock, taken=one)
        return
    state = OutboxState.DROPPED if ready is None else OutboxState.SENT
    with transaction(database) as session:
        services.settle(session, clock=clock, taken=one, state=state)


def _prepare(database: Database, office: Office, one: Taken) -> tuple[Contact, Letter] | None:
    """Return where the message goes and how it reads, or None when there is nothing to send."""
    kind = office.kinds.find(one.kind)
    if kind is None or office.directory is None:
        raise NotSent("unknown_kind")
    with snapshot(database) as session:
        contact = office.directory.contact(session, one.recipient)
        if contact is None or not (contact.wanted or kind.essential):
            return None
        message = kind.render(session, one.ids, contact.language)
    if message is None:
        return None
    return contact, letter(message, language=contact.language, clinic_name=office.sender(contact.language))
