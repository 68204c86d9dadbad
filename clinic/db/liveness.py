"""Connections of the pool that have died are noticed when they are taken out, mostly without asking.

A server that ends a connection says so, and an idle one has nothing to read otherwise: to look at the
socket costs no round trip. Only what has been idle for long is asked, since whatever lies between (a
firewall, a failed machine) may have forgotten it without a word. What dies in the very moment between the
look and the first statement fails, as it would between a ping and that; the moment here is a little longer,
as a server that is told to end a connection needs some milliseconds to do so.
"""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

ASKED_AFTER = 20.0  # seconds of idleness
_SINCE = "idle_since"


def watch(engine: Engine) -> None:
    """Give out no dead connection of `engine`: the pool then opens new ones."""

    def returned(_connection: object, entry: ConnectionPoolEntry) -> None:
        entry.info[_SINCE] = time.monotonic()

    def taken(connection: Any, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        since = entry.info.pop(_SINCE, None)
        if since is None:
            return  # opened just now
        if connection.closed:
            raise InvalidatePoolError
        suspicious = time.monotonic() - since > ASKED_AFTER or _has_news(connection.fileno())
        if suspicious and not _answers(engine, connection):
            raise InvalidatePoolError

    event.listen(engine, "checkin", returned)
    event.listen(engine, "checkout", taken)


def _has_news(socket: int) -> bool:
    """Tell whether there is anything to read, be it the end."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    dialect = engine.dialect
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        if dialect.is_disconnect(error, connection, None):
            return False
        raise
