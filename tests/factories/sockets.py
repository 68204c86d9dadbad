"""People at their browsers: a room's socket for a signed-in test client, answered at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from clinic.web.sockets import Sockets

ROOMS = "/rooms"


class RoomSocket:
    """One page's socket; `emit` returns the ack, `heard` what was pushed since it was last asked."""

    def __init__(self, app: Flask, client: FlaskClient, *, auth: object = None, path: str = ROOMS) -> None:
        """Connect to the namespace at `path` with the cookies of `client`."""
        self._path = path
        server = cast(Sockets, app.extensions["clinic.sockets"])
        self._inner: Any = server._inner.test_client(
            app,
            namespace=path,
            flask_test_client=client,
            auth={"protocol": 1} if auth is None else auth,
        )
        self._pushed: list[tuple[str, Any]] = []

    @property
    def connected(self) -> bool:
        """Tell whether the server let the socket in and has not cut it off."""
        return bool(self._inner.is_connected(self._path))

    def emit(self, event: str, message: object = None) -> dict[str, Any]:
        """Send a message and return its ack."""
        return cast(dict[str, Any], self._inner.emit(event, message, namespace=self._path, callback=True))

    def heard(self, event: str | None = None) -> list[Any]:
        """Return what was pushed and not asked for yet: all of it, or one event's data."""
        for packet in self._inner.get_received(self._path):
            self._pushed.append((packet["name"], packet["args"][0]))
        if event is None:
            taken, self._pushed = self._pushed, []
            return taken
        found = [data for name, data in self._pushed if name == event]
        self._pushed = [(name, data) for name, data in self._pushed if name != event]
        return found

    def close(self) -> None:
        """Lose the line."""
        self._inner.disconnect(self._path)


@contextmanager
def room_socket(app: Flask, client: FlaskClient) -> Iterator[RoomSocket]:
    """Connect for the length of a block."""
    socket = RoomSocket(app, client)
    yield socket
    socket.close()
