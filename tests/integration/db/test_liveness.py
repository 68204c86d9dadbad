"""A pool outlives its server's restarts, and connections that something between has forgotten."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from clinic.db import liveness
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from tests.servers.postgresql import PostgreSQL

_END_ALL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'pool'"


@pytest.fixture
def url(postgresql: PostgreSQL) -> Iterator[str]:
    yield postgresql.create("pool")
    postgresql.execute("DROP DATABASE pool WITH (FORCE)")


def backend(session: Session) -> int:
    return int(session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def both(database: Database) -> set[int]:
    """Use two connections at once; return their numbers on the server."""
    with snapshot(database) as one, snapshot(database) as other:
        return {backend(one), backend(other)}


def test_connections_that_the_server_ended_are_replaced(url: str, postgresql: PostgreSQL) -> None:
    database = Database(url)
    before = both(database)
    assert both(database) == before
    postgresql.execute(_END_ALL)
    assert both(database).isdisjoint(before)
    database.dispose()


class Relay:
    """Something between that once forgets its connections, silently until something comes on them."""

    def __init__(self, port: int) -> None:
        """Pass on to `port` from a port of its own."""
        self._door, self._target = socket.create_server(("127.0.0.1", 0)), port
        self.port: int = self._door.getsockname()[1]
        self.forgetful = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _serve(self) -> None:
        for _ in range(2):
            client, _address = self._door.accept()
            with client, socket.create_connection(("127.0.0.1", self._target)) as server:
                self._pass(client, server)
            self.forgetful.clear()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    news = key.fileobj.recv(65_536)  # type: ignore[union-attr]
                    if not news or self.forgetful.is_set():
                        return
                    key.data.sendall(news)


def test_what_was_idle_for_long_is_asked_before_it_is_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = make_url(url)
    assert parsed.port
    relay = Relay(parsed.port)
    database = Database(parsed.set(port=relay.port).render_as_string(hide_password=False))
    with snapshot(database) as session:
        before = backend(session)
    relay.forgetful.set()
    monkeypatch.setattr(liveness, "ASKED_AFTER", 0.0)
    with snapshot(database) as session:
        assert backend(session) != before
    database.dispose()
    relay.close()
