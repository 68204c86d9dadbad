"""A real PostgreSQL server for the tests: own cluster in a temporary folder, loopback only."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg.sql import SQL, Composed, Identifier

_THROW_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def _binary(name: str) -> str:
    candidates = [*sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)]
    found = str(candidates[0]) if candidates else shutil.which(name)
    if not found:
        raise RuntimeError("PostgreSQL is missing: install the Debian package `postgresql`")
    return found


def free_port() -> int:
    """Return a TCP port on loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgreSQL:
    """One cluster; `url(name)` names a database in it."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """Make and start the cluster below `folder`; PostgreSQL refuses root, so another user runs it.

        Commits are on disk when they are answered only if it is `durable`, as a clinic's is.
        """
        self.folder, self.port = folder, free_port()
        self._as_user = (
            ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
        )
        folder.mkdir(parents=True)
        if self._as_user:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self._data = folder / "data"
        self._run("initdb", "-D", str(self._data), "-U", "clinic", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = (
            f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories={folder}"
            f" -c fsync={'on' if durable else 'off'} -c max_connections=300 -c timezone=UTC"
        )
        self._run("pg_ctl", "-D", str(self._data), "-l", str(folder / "log"), "-w", "-o", options, "start")

    def _run(self, name: str, *arguments: str) -> None:
        command = [*self._as_user, _binary(name), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr[-500:]}")

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of database `name`."""
        return f"postgresql+psycopg://clinic@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: LiteralString | Composed) -> None:
        """Run one statement of cluster administration."""
        with self.connect("postgres") as connection:
            connection.execute(SQL(statement) if isinstance(statement, str) else statement)

    def connect(self, name: str) -> psycopg.Connection:
        """Connect to database `name` past SQLAlchemy; every statement commits."""
        return psycopg.connect(f"host=127.0.0.1 port={self.port} user=clinic dbname={name}", autocommit=True)

    def create(self, name: str) -> str:
        """Make an empty database and return its URL."""
        self.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self.url(name)

    def copy(self, name: str, *, to: str) -> str:
        """Make database `to`, a copy of `name`, which nobody may be connected to; return its URL."""
        self.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(to), Identifier(name)))
        return self.url(to)

    def rename(self, name: str, *, to: str) -> None:
        """Call database `name` `to`; whoever is connected to it is thrown out."""
        with self.connect("postgres") as connection:
            connection.execute(_THROW_OUT, [name])
            connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(name), Identifier(to)))

    def drop(self, name: str) -> None:
        """Remove database `name`; whoever is connected to it is thrown out."""
        self.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def stop(self) -> None:
        """Stop the server at once."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
