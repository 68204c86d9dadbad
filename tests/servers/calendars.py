"""A real server of calendars on loopback, over http or TLS, that also misbehaves where it is asked to."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAME = "calendar.example"


@dataclass(slots=True)
class Shelf:
    """What stands at which path, how it is sent, and what has been asked for."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    pause: float = 0.0
    drip: int = 0


class _Answer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Answer one request and hang up."""
        shelf: Shelf = self.server.shelf  # type: ignore[attr-defined]
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            request += line
        shelf.asked.append(request)
        path = request.split(b" ", 2)[1].decode()
        content = shelf.pages.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        time.sleep(shelf.pause)
        with contextlib.suppress(OSError):  # who asked may have had enough
            self._send(content, shelf.drip)

    def _send(self, content: bytes, drip: int) -> None:
        for start in range(0, len(content), drip or len(content)):
            self.wfile.write(content[start : start + (drip or len(content))])
            if drip:
                time.sleep(0.05)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    shelf: Shelf
    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, Any]:
        """Speak TLS where it is wanted."""
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: callers hang up on purpose."""


class CalendarServer:
    """Serves one shelf until it is stopped; with a `folder` over TLS, as `calendar.example`."""

    def __init__(self, folder: Path | None = None) -> None:
        """Start on a free port of loopback."""
        self.shelf = Shelf()
        self._server = _Server(("127.0.0.1", 0), _Answer)
        self._server.shelf = self.shelf
        if folder is not None:
            self.authority = _certificate(folder)
            self._server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.tls.load_cert_chain(self.authority)
            self._server.tls.sni_callback = self._named
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def _named(self, _line: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self.shelf.names.append(name)

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self._server.server_address[1])

    def put(self, path: str, content: bytes, *, status: str = "200 OK", headers: str = "") -> str:
        """Put `content` at `path`; return its address by number."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/calendar\r\n{headers}\r\n"
        self.shelf.pages[path] = head.encode() + content
        return f"http://127.0.0.1:{self.port}{path}"

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def calendar_of(*events: str) -> bytes:
    """Return a calendar of others: each event given by its lines, without BEGIN and END."""
    bodies = "".join(
        f"BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n" for event in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Others//EN\r\n{bodies}END:VCALENDAR\r\n".encode()


def _certificate(folder: Path) -> Path:
    """Write a key and its own certificate for `calendar.example`; return the file that holds both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "calendar.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
