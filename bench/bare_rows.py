"""Bare rows of visits: what the drivers, the database and the disk can do with nothing of ours around it.

The same row as a booking writes, by one prepared statement in a transaction of its own, with the same
settings of the connection (so that a commit is as safe) and from as many processes and threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

from clinic.config import Settings
from clinic.db.engine import make_engine
from clinic.scheduling.rules.zones import use_packaged_zones
from tests.servers.bookers import Job, Outcome, obey, row_of


class Writer:
    """Writes rows on a connection for each thread."""

    def __init__(self, url: str, threads: int) -> None:
        """Connect to `url` as the application does."""
        self._engine = make_engine(url, pool_size=threads)
        self._embedded = self._engine.dialect.name == "sqlite"
        self._mine = threading.local()

    def act(self, job: Job) -> Outcome:
        """Write the row of a job; whatever the database refuses is raised."""
        row = row_of(job)
        begun = time.perf_counter()
        (self._write_embedded if self._embedded else self._write)(row)
        return Outcome(job.kind, "done", time.perf_counter() - begun)

    def _write(self, row: Mapping[str, object]) -> None:
        values = {name: _native(value) for name, value in row.items()}
        places = ", ".join(f"%({name})s" for name in row)
        self._connection().execute(_insert(row, places), values, prepare=True)

    def _write_embedded(self, row: Mapping[str, object]) -> None:
        values = {name: _embedded(value) for name, value in row.items()}
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_insert(row, ", ".join(f":{name}" for name in row)), values)
        connection.execute("COMMIT")

    def _connection(self) -> Any:
        if not hasattr(self._mine, "connection"):
            self._mine.taken = self._engine.raw_connection()
            self._mine.connection = self._mine.taken.driver_connection
            if not self._embedded:
                self._mine.connection.autocommit = True  # each statement is a transaction
        return self._mine.connection


def serve(line: Connection, _settings: Settings, url: str, threads: int) -> None:
    """Write what comes down the `line` until None comes."""
    use_packaged_zones()
    obey(line, threads, Writer(url, threads).act)


def _insert(row: Mapping[str, object], places: str) -> str:
    return f"INSERT INTO appointment ({', '.join(row)}) VALUES ({places})"


def _native(value: object) -> object:
    return value.value if isinstance(value, StrEnum) else value


def _embedded(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return _native(value)
