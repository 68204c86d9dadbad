"""The web process's end of the unix socket to the media process."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from clinic.errors import ClinicError, Invalid, NotFound, TooMany, Unavailable
from clinic.video.rules import frames
from clinic.video.rules.quality import EchoReport, EchoState

_TIMEOUT_S: Final = 10.0


class UnixMediaServer:
    """Fulfils `MediaServer`; every call is a connection of its own, so that threads share nothing."""

    def __init__(self, path: Path, *, timeout_s: float = _TIMEOUT_S) -> None:
        """Reach the media process at the socket `path`."""
        self._path = path
        self._timeout_s = timeout_s

    def open_test(self, test: UUID, *, owner: UUID, sdp: str) -> str:
        """Start an echo and return its SDP answer."""
        return str(self._ask({"op": "open", "test": str(test), "owner": str(owner), "sdp": sdp})["sdp"])

    def report(self, test: UUID, *, owner: UUID) -> EchoReport:
        """Return what a test has measured so far."""
        return _report(self._ask({"op": "report", "test": str(test), "owner": str(owner)}))

    def close_test(self, test: UUID, *, owner: UUID) -> None:
        """End a test."""
        self._ask({"op": "close", "test": str(test), "owner": str(owner)})

    def ping(self) -> None:
        """Raise Unavailable unless the media process answers."""
        self._ask({"op": "ping"})

    def _ask(self, message: Mapping[str, object]) -> Mapping[str, object]:
        try:
            reply = self._exchange(frames.encode(message))
        except (OSError, frames.FrameError):
            raise Unavailable("media_unavailable") from None
        if reply.get("ok") is not True:
            raise _error(str(reply.get("code")))
        return reply

    def _exchange(self, frame: bytes) -> Mapping[str, object]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._timeout_s)
            connection.connect(str(self._path))
            connection.sendall(frame)
            with connection.makefile("rb") as stream:
                length = frames.length_of(stream.read(frames.LENGTH_BYTES))
                return frames.decode(stream.read(length))


def _error(code: str) -> ClinicError:
    known: Mapping[str, ClinicError] = {
        "bad_sdp": Invalid("bad_sdp", errors={"sdp": ["This is not the offer of a device test."]}),
        "busy": TooMany("media_busy", retry_after=30),
        "not_found": NotFound(),
    }
    return known.get(code, Unavailable("media_unavailable"))


def _report(reply: Mapping[str, object]) -> EchoReport:
    try:
        return EchoReport(
            state=EchoState(str(reply["state"])),
            loss=_number(reply["loss"]),
            delay_ms=_whole(reply["delay_ms"]),
            jitter_ms=_whole(reply["jitter_ms"]),
            rate_kbps=_whole(reply["rate_kbps"]),
            heard=reply["heard"] is True,
        )
    except (KeyError, ValueError):
        raise Unavailable("media_unavailable") from None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
