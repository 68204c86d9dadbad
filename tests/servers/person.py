"""A person at a real clinic: signed in over HTTP, in a room over a real WebSocket."""

from __future__ import annotations

import queue
import time
from typing import Any
from uuid import uuid4

import requests
import socketio

ROOMS = "/rooms"
PASSWORD = "demo-Sakina-2026"
_PATIENCE_S = 15.0


class Person:
    """One browser of one demo account; `page` is the instance of the page that is open."""

    def __init__(self, base_url: str, who: str) -> None:
        """Sign in."""
        self.base_url = base_url
        self.http = requests.Session()
        response = self.http.post(
            f"{base_url}/api/v1/session", json={"email": f"{who}@demo.invalid", "password": PASSWORD}
        )
        response.raise_for_status()
        self.csrf = {"X-CSRF-Token": response.json()["csrf_token"]}
        self.page = str(uuid4())
        self.socket: Any = None
        self._pushed: dict[str, queue.Queue[dict[str, Any]]] = {}

    def visit(self) -> str:
        """Return the visit that may be joined now."""
        listed = self.http.get(f"{self.base_url}/api/v1/appointments", params={"limit": 200}).json()
        return next(str(item["id"]) for item in listed["items"] if item["may_join"])

    def connect(self, *, origin: str | None = None) -> None:
        """Open a WebSocket with the session's cookie."""
        options = {"origin": origin or self.base_url}
        self.socket = socketio.Client(reconnection=False, websocket_extra_options=options)
        self.socket.on("*", self._hear, namespace=ROOMS)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        self.socket.connect(
            self.base_url,
            headers={"Cookie": cookies},
            auth={"protocol": 1},
            namespaces=[ROOMS],
            transports=["websocket"],
            wait_timeout=10,
        )

    def join(self, visit: str) -> dict[str, Any]:
        """Join and return the welcome."""
        response = self.http.post(f"{self.base_url}/api/v1/appointments/{visit}/room", headers=self.csrf)
        response.raise_for_status()
        ack = self.say("join", {"ticket": response.json()["ticket"], "instance": self.page})
        assert ack == {"ok": True, "code": "ok"}, ack
        return self.hear("welcome")

    def say(self, event: str, message: object) -> dict[str, Any]:
        """Send a message and return its ack."""
        ack: dict[str, Any] = self.socket.call(event, message, namespace=ROOMS, timeout=_PATIENCE_S)
        return ack

    def hear(self, event: str) -> dict[str, Any]:
        """Wait for the next push of an event; raises queue.Empty."""
        return self._of(event).get(timeout=_PATIENCE_S)

    def hang_up(self) -> None:
        """Close the page."""
        if self.socket is not None:
            self.socket.disconnect()

    def wait_until_cut(self) -> None:
        """Wait until the server or the network has ended the socket."""
        deadline = time.monotonic() + _PATIENCE_S
        while self.socket.connected and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not self.socket.connected

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        self._of(event).put(data)

    def _of(self, event: str) -> queue.Queue[dict[str, Any]]:
        return self._pushed.setdefault(event, queue.Queue())
