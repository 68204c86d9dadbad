"""What the worker does with calendars of others: reads those that are due."""

from __future__ import annotations

import structlog

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.scheduling.outside.failures import NotRead
from clinic.scheduling.outside.fetching import Fetcher
from clinic.scheduling.outside.reading import read
from clinic.scheduling.queries.external_calendars import DueCalendar
from clinic.scheduling.rules.outside_calendars import window_at
from clinic.scheduling.services import external_calendars
from clinic.vault import Vault

_AT_ONCE = 10
_log = structlog.get_logger(__name__)


def read_calendars(database: Database, vault: Vault, clock: Clock, fetcher: Fetcher) -> int:
    """Read practitioners' calendars that are due, one after the other; return how many.

    Nothing is locked while the network is waited for; one calendar's failure is not the others'.
    """
    with transaction(database) as session:
        taken = external_calendars.take_due(session, clock=clock, fields=vault.fields, limit=_AT_ONCE)
    for one in taken:
        _read(database, clock, fetcher, one)
    return len(taken)


def _read(database: Database, clock: Clock, fetcher: Fetcher, one: DueCalendar) -> None:
    try:
        found = read(fetcher.fetch(one.address), window_at(clock.now()), one.tz)
    except NotRead as error:
        _log.warning("calendar_not_read", calendar_id=str(one.id), reason=error.failure.value)
        with transaction(database) as session:
            external_calendars.fail(session, clock=clock, calendar_id=one.id, failure=error.failure)
        return
    with transaction(database) as session:
        external_calendars.keep(session, clock=clock, calendar_id=one.id, found=found)
