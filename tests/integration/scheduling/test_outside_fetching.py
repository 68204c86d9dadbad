"""The guard before addresses that people type in, against a real server on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from clinic.scheduling.outside.failures import Failure, NotRead
from clinic.scheduling.outside.fetching import Fetcher, Limits
from tests.servers.calendars import NAME, CalendarServer, calendar_of

CALENDAR = calendar_of("UID:a\r\nDTSTART:20261124T100000Z\r\nDTEND:20261124T110000Z")


@pytest.fixture
def server() -> Iterator[CalendarServer]:
    """A server without TLS."""
    server = CalendarServer()
    yield server
    server.stop()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[CalendarServer]:
    """A server with a certificate for calendar.example."""
    server = CalendarServer(tmp_path)
    yield server
    server.stop()


def fetcher(server: CalendarServer, **limits: float) -> Fetcher:
    """Return a fetcher that may ask `server`."""
    chosen = Limits(seconds=limits.get("seconds", 5.0), size=int(limits.get("size", 100_000)))
    return Fetcher(trusted=frozenset({f"127.0.0.1:{server.port}"}), limits=chosen)


def failure_of(fetcher: Fetcher, address: str) -> Failure:
    """Return why an address cannot be read."""
    with pytest.raises(NotRead) as refused:
        fetcher.fetch(address)
    return refused.value.failure


def test_a_calendar_is_fetched_whole(server: CalendarServer) -> None:
    address = server.put("/mine.ics?token=1", CALENDAR)
    assert fetcher(server).fetch(address) == CALENDAR
    (request,) = server.shelf.asked
    assert request.startswith(b"GET /mine.ics?token=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Accept-Encoding: identity\r\n" in request
    assert b"Cookie" not in request
    assert b"Authorization" not in request


def test_user_and_password_travel_as_a_header(server: CalendarServer) -> None:
    address = server.put("/mine.ics", CALENDAR).replace("http://", "http://salma:secret@")
    assert fetcher(server).fetch(address) == CALENDAR
    assert b"Authorization: Basic c2FsbWE6c2VjcmV0\r\n" in server.shelf.asked[0]


def test_a_calendar_in_chunks_is_put_together(server: CalendarServer) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (CALENDAR[:50], CALENDAR[50:]))
    address = server.put("/mine.ics", chunks + b"0\r\n\r\n", headers="Transfer-Encoding: chunked\r\n")
    assert fetcher(server).fetch(address) == CALENDAR


def test_the_name_is_proved_by_its_certificate_on_the_address_that_was_checked(
    secure: CalendarServer,
) -> None:
    secure.put("/mine.ics", CALENDAR)
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    trusting = ssl.create_default_context(cafile=str(secure.authority))
    guard = Fetcher(frozenset({f"{NAME}:{secure.port}"}), resolve, trusting)
    assert guard.fetch(f"https://{NAME}:{secure.port}/mine.ics") == CALENDAR
    assert asked == [NAME]
    assert secure.shelf.names == [NAME]
    assert f"Host: {NAME}:{secure.port}\r\n".encode() in secure.shelf.asked[0]


def test_another_certificate_is_not_accepted(secure: CalendarServer) -> None:
    secure.put("/mine.ics", CALENDAR)
    trusted = frozenset({f"{NAME}:{secure.port}", f"other.example:{secure.port}"})
    unknown = Fetcher(trusted, lambda _host, _port: ["127.0.0.1"])
    assert failure_of(unknown, f"https://{NAME}:{secure.port}/mine.ics") is Failure.TLS_FAILED
    known = Fetcher(
        trusted,
        lambda _host, _port: ["127.0.0.1"],
        ssl.create_default_context(cafile=str(secure.authority)),
    )
    assert failure_of(known, f"https://other.example:{secure.port}/mine.ics") is Failure.TLS_FAILED


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fd00::1"],
        ["93.184.216.34", "127.0.0.1"],
    ],
)
def test_a_name_that_leads_into_our_networks_is_refused_whole(answer: list[str]) -> None:
    guard = Fetcher(resolve=lambda _host, _port: answer)
    assert failure_of(guard, "https://calendar.example/x") is Failure.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
    ],
)
def test_this_machine_is_refused_however_it_is_written(address: str) -> None:
    assert failure_of(Fetcher(), address) is Failure.ADDRESS_REFUSED


def test_a_name_that_answers_otherwise_the_second_time_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: what was checked is what is connected to, and the name is resolved once."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    connected: list[object] = []

    def connect(address: object, timeout: float) -> socket.socket:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    guard = Fetcher(resolve=lambda _host, _port: next(answers))
    assert failure_of(guard, "https://rebinding.example/x") is Failure.UNREACHABLE
    assert connected == [("93.184.216.34", 443)]
    assert next(answers) == ["127.0.0.1"]  # nobody has asked for it


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Again", "308 Forever"])
def test_redirects_are_not_followed(server: CalendarServer, status: str) -> None:
    server.put("/secret", CALENDAR)
    address = server.put(
        "/mine.ics", b"", status=status, headers=f"Location: http://127.0.0.1:{server.port}/secret\r\n"
    )
    assert failure_of(fetcher(server), address) is Failure.REDIRECTED
    assert len(server.shelf.asked) == 1


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("404 Not Found", Failure.NOT_FOUND),
        ("410 Gone", Failure.NOT_FOUND),
        ("401 Unauthorized", Failure.REFUSED),
        ("500 Broken", Failure.REFUSED),
        ("204 Empty", Failure.REFUSED),
    ],
)
def test_other_answers_have_their_reasons(server: CalendarServer, status: str, failure: Failure) -> None:
    assert failure_of(fetcher(server), server.put("/mine.ics", b"", status=status)) is failure


def test_what_is_too_large_is_not_read_to_its_end(server: CalendarServer) -> None:
    address = server.put("/mine.ics", b"x" * 5_000_000)
    assert failure_of(fetcher(server), address) is Failure.TOO_LARGE
    endless = server.put(
        "/endless.ics", b"10000\r\n" + b"x" * 0x10000 + b"\r\n" * 1, headers="Transfer-Encoding: chunked\r\n"
    )
    assert failure_of(fetcher(server, size=1_000), endless) is Failure.TOO_LARGE


def test_what_is_packed_is_not_unpacked(server: CalendarServer) -> None:
    address = server.put("/mine.ics", b"\x1f\x8b", headers="Content-Encoding: gzip\r\n")
    assert failure_of(fetcher(server), address) is Failure.NOT_A_CALENDAR


def test_a_server_that_drips_is_left_when_the_time_is_up(server: CalendarServer) -> None:
    address = server.put("/mine.ics", CALENDAR)
    server.shelf.drip = 1  # a byte at a time, each well within any time limit of its own
    started = time.monotonic()
    assert failure_of(fetcher(server, seconds=0.6), address) is Failure.TOO_SLOW
    assert time.monotonic() - started < 3


def test_a_server_that_says_nothing_is_left_when_the_time_is_up(server: CalendarServer) -> None:
    address = server.put("/mine.ics", CALENDAR)
    server.shelf.pause = 5
    started = time.monotonic()
    assert failure_of(fetcher(server, seconds=0.4), address) is Failure.TOO_SLOW
    assert time.monotonic() - started < 3


def test_a_resolver_that_never_answers_is_left_behind() -> None:
    stop = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        stop.wait(10)
        return []

    guard = Fetcher(resolve=resolve, limits=Limits(seconds=0.3))
    assert failure_of(guard, "https://calendar.example/x") is Failure.TOO_SLOW
    stop.set()


def test_names_and_servers_that_are_not_there_have_their_reasons(server: CalendarServer) -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    assert failure_of(Fetcher(resolve=unknown), "https://nowhere.example/x") is Failure.HOST_UNKNOWN
    guard = fetcher(server)
    address = server.put("/mine.ics", CALENDAR)
    server.shelf.pages["/junk"] = b"this is no HTTP\r\n\r\n"
    assert failure_of(guard, address.replace("/mine.ics", "/junk")) is Failure.UNREACHABLE
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    nobody = Fetcher(trusted=frozenset({f"127.0.0.1:{port}"}))
    assert failure_of(nobody, f"http://127.0.0.1:{port}/x") is Failure.UNREACHABLE
