"""A real HTTP gateway for text messages: loopback only, keeps what it is handed and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Handed:
    """One request: the headers that matter and the message in it."""

    path: str
    key: str
    authorization: str
    id: str
    to: str
    text: str


@dataclass(slots=True)
class Desk:
    """What has arrived, and how requests are answered: after `delay` seconds, with `status`.

    With `stalls` a body is promised that never comes.
    """

    handed: list[Handed] = field(default_factory=list)
    status: int = 202
    delay: float = 0.0
    location: str = ""
    stalls: bool = False


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep one message."""
        desk: Desk = self.server.desk  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(desk.delay)
        desk.handed.append(
            Handed(
                path=self.path,
                key=self.headers.get("Idempotency-Key", ""),
                authorization=self.headers.get("Authorization", ""),
                id=body["id"],
                to=body["to"],
                text=body["text"],
            )
        )
        self.send_response(desk.status)
        if desk.location:
            self.send_header("Location", desk.location)
        self.send_header("Content-Length", "9" if desk.stalls else "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a caller who was killed."""


class SMSGateway:
    """Serves one desk until it is stopped."""

    def __init__(self) -> None:
        """Start on a free port of loopback."""
        self.desk = Desk()
        self._server = _Server(("127.0.0.1", 0), _Request)
        self._server.desk = self.desk  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the address that a clinic is given, with a token."""
        return f"http://a%2Bword@127.0.0.1:{self._server.server_address[1]}/messages?from=clinic"

    def stop(self) -> None:
        """Serve no more; stopping twice is stopping once."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
