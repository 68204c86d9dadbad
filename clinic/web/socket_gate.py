"""The gate before /socket.io: so few sockets are open at once that threads are left for requests.

A socket holds a thread of the web process for as long as it is open, and the sockets of one address
must not take all of them. The gate counts requests under way: a place comes back however a socket ends.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from werkzeug.http import parse_cookie

from clinic.web.limits import network_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH = "/socket.io/"
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_STATUS = {401: "401 Unauthorized", 503: "503 Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Caps:
    """How many sockets may be open at once: in all, and from one address."""

    in_all: int
    per_address: int


class SocketGate:
    """Answers 503 where no place is left and 401 to a handshake without a session; passes on the rest."""

    def __init__(
        self, inner: WSGIApplication, caps: Caps, *, cookie: str, alive: Callable[[str], bool]
    ) -> None:
        """Stand before `inner`; `alive` tells whether the token in `cookie` opens a session now."""
        self._inner, self._caps, self._cookie, self._alive = inner, caps, cookie, alive
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()
        self._in_all = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; one that carries a socket lasts as long as the socket."""
        if not environ.get("PATH_INFO", "").startswith(_PATH):
            return self._inner(environ, start_response)
        with self._place(network_of(environ.get("REMOTE_ADDR", ""))) as others:
            if others is None:
                return _refuse(start_response, 503, "too_many_sockets")
            if _opens(environ) and not self._admits(environ, others):
                return _refuse(start_response, 401, "signed_out")
            return self._inner(environ, start_response)

    @contextmanager
    def _place(self, address: str) -> Iterator[int | None]:
        """Hold a place and give how many others are taken, or None where there is none left."""
        with self._lock:
            others = self._in_all
            full = others >= self._caps.in_all or self._open[address] >= self._caps.per_address
            if not full:
                self._in_all, self._open[address] = others + 1, self._open[address] + 1
        try:
            yield None if full else others
        finally:
            if not full:
                self._leave(address)

    def _leave(self, address: str) -> None:
        with self._lock:
            self._in_all -= 1
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    def _admits(self, environ: WSGIEnvironment, others: int) -> bool:
        """Tell whether the handshake carries a session's token.

        In quiet times its look is enough, and the namespace says to the page in words that a session has
        ended. Once half the places are taken only tokens of live sessions get one.
        """
        token = parse_cookie(environ).get(self._cookie, "")
        if not _TOKEN.fullmatch(token):
            return False
        return others < self._caps.in_all // 2 or self._alive(token)


def _opens(environ: WSGIEnvironment) -> bool:
    """Tell whether the request opens a socket; what belongs to an open one names its id."""
    return "sid" not in parse_qs(environ.get("QUERY_STRING", ""))


def _refuse(start_response: StartResponse, status: int, code: str) -> Iterable[bytes]:
    body = json.dumps({"type": "about:blank", "title": _STATUS[status][4:], "status": status, "code": code})
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Retry-After", "5"),
    ]
    start_response(_STATUS[status], headers)
    return [body.encode()]
