"""One address takes its share of the places and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client, create_environ
from werkzeug.wrappers import Response

from clinic.web.socket_gate import Caps, SocketGate

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

COOKIE = f"sid={'a' * 43}"


def ask(app: WSGIApplication, address: str, *, path: str = "/socket.io/", query: str = "") -> int:
    """Ask from `address`, whose browser has a session."""
    client = Client(app, use_cookies=False)
    answer = client.open(
        path,
        query_string=query,
        headers={"Cookie": COOKIE},
        environ_overrides={"REMOTE_ADDR": address},
    )
    return answer.status_code


class Asking:
    """An application in which another request is made while the first still runs."""

    def __init__(self, caps: Caps, then: tuple[str, str], *, alive: bool = True) -> None:
        """Ask from `then` (address, path) while a socket is open."""
        self._then, self.second = then, 0
        self.gate = SocketGate(self._serve, caps, cookie="sid", alive=lambda _token: alive)

    def _serve(self, environ, start_response):  # type: ignore[no-untyped-def]
        if not self.second:
            self.second = 200
            self.second = ask(self.gate, self._then[0], path=self._then[1])
        return Response("ok")(environ, start_response)


@pytest.mark.parametrize(
    ("then", "status"),
    [
        (("192.0.2.1", "/socket.io/"), 503),
        (("192.0.2.2", "/socket.io/"), 200),
        (("192.0.2.1", "/api/v1/slots"), 200),
    ],
)
def test_an_address_that_holds_its_share_gets_no_more(then: tuple[str, str], status: int) -> None:
    asking = Asking(Caps(10, 1), then)
    assert (ask(asking.gate, "192.0.2.1"), asking.second) == (200, status)
    assert ask(asking.gate, "192.0.2.1") == 200


def test_the_addresses_of_one_home_share() -> None:
    asking = Asking(Caps(10, 1), ("2001:db8::2", "/socket.io/"))
    assert (ask(asking.gate, "2001:db8::1"), asking.second) == (200, 503)


def test_what_belongs_to_an_open_socket_needs_no_second_proof() -> None:
    gate = SocketGate(Response("ok"), Caps(1, 1), cookie="sid", alive=lambda _token: False)
    assert (ask(gate, "192.0.2.1", query="sid=abc"), ask(gate, "192.0.2.1")) == (200, 401)


def test_a_place_comes_back_when_serving_fails() -> None:
    def broken(_environ, _start_response):  # type: ignore[no-untyped-def]
        raise StopIteration

    gate = SocketGate(broken, Caps(1, 1), cookie="sid", alive=lambda _token: True)
    for _ in range(3):
        with pytest.raises(StopIteration):
            gate(create_environ("/socket.io/", headers={"Cookie": COOKIE}), lambda *_: lambda _: None)
