"""One engine for SQLite (embedded) and PostgreSQL, with the settings that make both safe.

SQLite: write-ahead log, synchronous=FULL (an acknowledged commit survives power loss), foreign keys on,
and BEGIN IMMEDIATE, since a deferred writer that has read first fails with "database is locked" at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from clinic.db import liveness
from clinic.db.delivery import Delivery, Silent

_BUSY_TIMEOUT_MS = 15_000
READ_ONLY_OPTION = "clinic_read_only"
# How a connection reads one state: on SQLite any transaction that has begun does.
READ_ONLY: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {READ_ONLY_OPTION: True},
    "postgresql": {READ_ONLY_OPTION: True, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def make_engine(url: str, *, pool_size: int = 20) -> Engine:
    """Return an engine for `url`; a SQLite file's folder is made, readable by its owner only."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, parsed.database, pool_size)
    engine = create_engine(url, pool_size=pool_size, max_overflow=pool_size)
    event.listen(engine, "connect", _set_postgresql_zone)
    liveness.watch(engine)
    return engine


def _sqlite_engine(url: str, path: str | None, pool_size: int) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"timeout": _BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _set_sqlite_pragmas)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    connection.isolation_level = None  # the begin event below decides how a transaction begins
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY_OPTION, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _set_postgresql_zone(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


class Database:
    """The data store of one process: its engine, its sessions and the bus that hears its commits."""

    def __init__(
        self,
        url: str,
        *,
        bus: Delivery | None = None,
        info: Mapping[str, object] | None = None,
        pool_size: int = 20,
    ) -> None:
        """Connect lazily to `url`; `info` is put on every session (the audit keys travel there)."""
        self.engine = make_engine(url, pool_size=pool_size)
        self.bus: Delivery = bus or Silent()
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info=dict(info or {}))

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def session(self) -> Session:
        """Return a new session; only `clinic.db.transaction` commits one."""
        return self._sessions()

    def dispose(self) -> None:
        """Close the pool."""
        self.engine.dispose()
