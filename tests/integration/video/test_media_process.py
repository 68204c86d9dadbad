"""The real media process, reached over its real socket by real WebRTC peers: voices come back measured."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from clinic.errors import Invalid, NotFound, Unavailable
from clinic.ids import new_id
from clinic.video.media.loopback import allow_loopback
from clinic.video.rules import frames
from clinic.video.rules.quality import EchoReport, EchoState, Words
from tests.fakes.caller import Caller
from tests.servers.media import MediaProcess


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaProcess]:
    undo = allow_loopback()
    process = MediaProcess(tmp_path_factory.mktemp("media") / "media.sock")
    yield process
    undo()
    assert process.stop() == 0


async def talk(
    media: MediaProcess,
    test: UUID,
    owner: UUID,
    *,
    loudness: int = 12_000,
    until: Callable[[EchoReport, Caller], bool],
) -> tuple[EchoReport, Caller]:
    """Run a device test until its report satisfies `until`, for 15 s at most."""
    async with Caller(loudness=loudness) as caller:
        answer = await asyncio.to_thread(media.link.open_test, test, owner=owner, sdp=await caller.offer())
        await caller.take(answer)
        with suppress(TimeoutError):
            async with asyncio.timeout(15):
                report = await asyncio.to_thread(media.link.report, test, owner=owner)
                while not until(report, caller):
                    await asyncio.sleep(0.2)
                    report = await asyncio.to_thread(media.link.report, test, owner=owner)
        return report, caller


def test_people_hear_their_own_voice_a_moment_later_and_learn_what_was_measured(media: MediaProcess) -> None:
    test, owner = new_id(), new_id()

    def done(report: EchoReport, _caller: Caller) -> bool:
        return report.state is EchoState.MEASURED and report.delay_ms is not None

    report, caller = asyncio.run(talk(media, test, owner, until=done))
    assert caller.loudest > 6000
    assert caller.silent_frames_first >= 10  # 0.3 s of 20 ms frames, less what the network start swallowed
    assert report.heard
    assert report.loss == pytest.approx(0, abs=0.02)
    assert report.delay_ms is not None
    assert 0 <= report.delay_ms < 300
    assert report.rate_kbps is not None
    assert report.rate_kbps > 12
    assert report.words is Words.GOOD
    media.link.close_test(test, owner=owner)
    assert media.link.report(test, owner=owner).state is EchoState.OVER


def test_a_muted_microphone_is_said_to_be_silent(media: MediaProcess) -> None:
    def done(report: EchoReport, _caller: Caller) -> bool:
        return report.state is EchoState.MEASURED

    report, caller = asyncio.run(talk(media, new_id(), new_id(), loudness=0, until=done))
    assert caller.loudest < 300
    assert report.words is Words.SILENT


def test_a_test_is_its_owners_alone(media: MediaProcess) -> None:
    test, owner = new_id(), new_id()

    async def start() -> None:
        async with Caller() as caller:
            media.link.open_test(test, owner=owner, sdp=await caller.offer())

    asyncio.run(start())
    with pytest.raises(NotFound):
        media.link.report(test, owner=new_id())
    media.link.close_test(test, owner=new_id())
    assert media.link.report(test, owner=owner).state is EchoState.CONNECTING
    media.link.close_test(test, owner=owner)


def test_an_owners_second_test_ends_the_first(media: MediaProcess) -> None:
    first, second, owner = new_id(), new_id(), new_id()

    async def start() -> None:
        async with Caller() as caller:
            sdp = await caller.offer()
            media.link.open_test(first, owner=owner, sdp=sdp)
            media.link.open_test(second, owner=owner, sdp=sdp)

    asyncio.run(start())
    assert media.link.report(first, owner=owner).state is EchoState.OVER
    media.link.close_test(second, owner=owner)


HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB\r\n"


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "v=0",
        HEAD + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n",
        HEAD + "m=audio x y z\r\n",
        HEAD + "m=audio 9 RTP/AVP 0\r\na=rtpmap:x\r\n",
        "x" * 17_000,
    ],
)
def test_hostile_offers_are_refused_and_leave_nothing_behind(media: MediaProcess, sdp: str) -> None:
    with pytest.raises(Invalid, match="bad_sdp"):
        media.link.open_test(new_id(), owner=new_id(), sdp=sdp)
    media.link.ping()


def exchange(path: Path, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(3)
        connection.connect(str(path))
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\0\0\0\5hello", b"GET / HTTP/1.1\r\n\r\n", b"\0\0"])
def test_what_is_no_frame_gets_no_answer(media: MediaProcess, data: bytes) -> None:
    with suppress(ConnectionError):
        assert exchange(media.path, data) == b""
    media.link.ping()


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"op": "eval"},
        {"op": ["ping"]},
        {"op": "ping", "extra": 1},
        {"op": "report", "test": "1", "owner": "2"},
        {"op": "close", "test": str(new_id())},
    ],
)
def test_unknown_operations_and_fields_are_refused(media: MediaProcess, message: dict[str, object]) -> None:
    reply = exchange(media.path, frames.encode(message))
    assert frames.decode(reply[frames.LENGTH_BYTES :]) == {"ok": False, "code": "bad_message"}


def test_the_socket_is_its_users_alone(media: MediaProcess) -> None:
    assert stat.S_IMODE(media.path.stat().st_mode) == 0o600


def test_a_dead_process_is_said_to_be_unavailable_and_its_successor_takes_over(tmp_path: Path) -> None:
    process = MediaProcess(tmp_path / "m.sock")
    process.kill()
    with pytest.raises(Unavailable, match="media_unavailable"):
        process.link.ping()
    successor = MediaProcess(tmp_path / "m.sock")
    successor.link.ping()
    assert successor.stop() == 0
