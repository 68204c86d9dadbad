"""The guard between the clinic and addresses that people type in.

A name is resolved once and the connection goes to the very address that was checked, so that a second,
different answer of the name server (DNS rebinding) is never asked for. Redirects are not followed, proxies
of the environment not used; size and the time for everything together are limited.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

from clinic.scheduling.outside.failures import Failure, NotRead
from clinic.scheduling.rules.outside_addresses import NotAllowed, Target, is_public, target_of

Resolve = Callable[[str, int], Sequence[str]]
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How long everything together may take, in seconds, and how many bytes may come."""

    seconds: float = 10.0
    size: int = 2 * 1024 * 1024


class Deadline:
    """The moment by which everything is done."""

    def __init__(self, seconds: float) -> None:
        """Start to count."""
        self._until = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raises NotRead when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise NotRead(Failure.TOO_SLOW)
        return left


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the numeric addresses of `host`, as the machine's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches what stands at an address; `trusted` are `host:port` of tests, which may be anywhere."""

    trusted: frozenset[str] = frozenset()
    resolve: Resolve = resolve
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    limits: Limits = Limits()

    def fetch(self, address: str) -> bytes:
        """Return the content at `address`; raises NotRead."""
        deadline = Deadline(self.limits.seconds)
        target = self.target(address)
        connection = self._connect(target, self._addresses(target, deadline), deadline)
        try:
            return self._content(connection, target, deadline)
        except TimeoutError:
            raise NotRead(Failure.TOO_SLOW) from None
        except (HTTPException, OSError, ValueError):
            raise NotRead(Failure.UNREACHABLE) from None
        finally:
            connection.close()

    def target(self, address: str) -> Target:
        """Take an address apart; raises NotRead where it is none that is asked for."""
        try:
            return target_of(address, trusted=self.trusted)
        except NotAllowed:
            raise NotRead(Failure.ADDRESS_REFUSED) from None

    def _addresses(self, target: Target, deadline: Deadline) -> Sequence[str]:
        """Resolve once; a name of which one address is not public is refused whole."""
        found = _within(deadline, lambda: self.resolve(target.host, target.port))
        if not found:
            raise NotRead(Failure.HOST_UNKNOWN)
        if not target.trusted and not all(is_public(address) for address in found):
            raise NotRead(Failure.ADDRESS_REFUSED)
        return found

    def _connect(self, target: Target, addresses: Sequence[str], deadline: Deadline) -> socket.socket:
        for address in addresses:
            try:
                plain = socket.create_connection((address, target.port), timeout=deadline.left())
            except OSError:
                continue
            return self._secured(plain, target, deadline) if target.tls else plain
        raise NotRead(Failure.UNREACHABLE)

    def _secured(self, plain: socket.socket, target: Target, deadline: Deadline) -> socket.socket:
        """Speak TLS with the server that the name promises, on the connection that stands."""
        try:
            plain.settimeout(deadline.left())
            return self.tls.wrap_socket(plain, server_hostname=target.host)
        except TimeoutError:
            plain.close()
            raise NotRead(Failure.TOO_SLOW) from None
        except (OSError, ValueError):
            plain.close()
            raise NotRead(Failure.TLS_FAILED) from None

    def _content(self, connection: socket.socket, target: Target, deadline: Deadline) -> bytes:
        connection.settimeout(deadline.left())
        connection.sendall(_request(target))
        response = HTTPResponse(cast(socket.socket, _Line(connection, deadline)), method="GET")
        response.begin()
        _refuse(response)
        content = bytearray()
        while chunk := response.read(_CHUNK):
            content += chunk
            if len(content) > self.limits.size:
                raise NotRead(Failure.TOO_LARGE)
        return bytes(content)


def _request(target: Target) -> bytes:
    lines = [
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.host_header}",
        "User-Agent: Sakina",
        "Accept: text/calendar",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if target.authorization is not None:
        lines.append(f"Authorization: {target.authorization}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _refuse(response: HTTPResponse) -> None:
    """Raise NotRead for anything but plain content: what is packed may unfold without end."""
    if 300 <= response.status < 400:
        raise NotRead(Failure.REDIRECTED)
    if response.status in {404, 410}:
        raise NotRead(Failure.NOT_FOUND)
    if response.status != 200:
        raise NotRead(Failure.REFUSED)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotRead(Failure.NOT_A_CALENDAR)


def _within(deadline: Deadline, ask: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what the resolver says; it knows no time limit, so it is left behind when it takes too long."""
    answer: list[Sequence[str]] = []

    def run() -> None:
        try:
            answer.append(ask())
        except (OSError, UnicodeError):
            answer.append(())

    asking = threading.Thread(target=run, name="resolve", daemon=True)
    asking.start()
    asking.join(deadline.left())
    if not answer:
        raise NotRead(Failure.TOO_SLOW)
    return answer[0]


class _Line(io.RawIOBase):
    """A connection that is read until the deadline, however slowly it drips."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what http.client reads from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for bytes as long as there is time; raises NotRead or TimeoutError."""
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)
