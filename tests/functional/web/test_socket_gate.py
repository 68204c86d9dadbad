"""Sockets cannot take the clinic down: over the cap they are turned away, and requests are still answered."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
import requests
import websocket

from tests.servers.clinic import ClinicServer
from tests.servers.person import Person

CAP = 4


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, demo: ClinicServer) -> Iterator[ClinicServer]:
    """The demo clinic's web process with room for few sockets."""
    extra = {"CLINIC_DEMO": "1", "CLINIC_SOCKET_CAP": str(CAP)}
    server = ClinicServer(tmp_path_factory.mktemp("clinic"), extra=extra, of=demo)
    server.start("web")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def token(clinic: ClinicServer) -> str:
    """The token of a live session."""
    return str(Person(clinic.base_url, "patient").http.cookies["sid"])


def opened(clinic: ClinicServer, token: str | None) -> websocket.WebSocket:
    """Open a bare WebSocket; raises WebSocketBadStatusException where the handshake is refused."""
    return websocket.create_connection(
        f"ws://localhost:{clinic.port}/socket.io/?EIO=4&transport=websocket",
        origin=clinic.base_url,
        cookie=token and f"sid={token}",
        timeout=10,
    )


def refusal(clinic: ClinicServer, token: str | None) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        opened(clinic, token)
    return int(refused.value.status_code)


def wait_for_a_place(clinic: ClinicServer, token: str) -> websocket.WebSocket:
    deadline = time.monotonic() + 10
    while True:
        try:
            return opened(clinic, token)
        except websocket.WebSocketBadStatusException:
            assert time.monotonic() < deadline, "no place came back"
            time.sleep(0.05)


def test_over_the_cap_sockets_are_turned_away_and_requests_answered(clinic: ClinicServer, token: str) -> None:
    with ExitStack() as stack:
        for _ in range(CAP):
            stack.enter_context(closing(wait_for_a_place(clinic, token)))
        assert refusal(clinic, token) == 503
        assert requests.get(f"{clinic.base_url}/healthz", timeout=5).json() == {"alive": True}


def test_places_come_back_when_sockets_close_or_break(clinic: ClinicServer, token: str) -> None:
    for _ in range(2):
        with ExitStack() as stack:
            for number in range(CAP):
                socket = wait_for_a_place(clinic, token)
                stack.callback(socket.close if number % 2 else socket.shutdown)
    wait_for_a_place(clinic, token).close()


def test_a_handshake_without_a_sessions_token_is_refused(clinic: ClinicServer) -> None:
    assert [refusal(clinic, token) for token in (None, "x", "é" * 43)] == [401, 401, 401]


def test_made_up_tokens_never_take_the_last_half(clinic: ClinicServer, token: str) -> None:
    with ExitStack() as stack:
        for _ in range(CAP // 2):
            stack.enter_context(closing(wait_for_a_place(clinic, secrets.token_urlsafe(32))))
        assert refusal(clinic, secrets.token_urlsafe(32)) == 401
        stack.enter_context(closing(wait_for_a_place(clinic, token)))
