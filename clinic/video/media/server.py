"""The media process's end of the unix socket: strict frames in, strict frames out, same user only."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from clinic.video.media.echoes import Echoes, RefusalError
from clinic.video.rules import frames
from clinic.video.rules.offer import LONGEST
from clinic.video.rules.shapes import Check, ShapeError, one_of, record, text, uuid

Message = Mapping[str, object]

_READ_S: Final = 5.0
_OWNED: Final[Mapping[str, Check]] = {"test": uuid, "owner": uuid}
_OPS: Final[Mapping[str, Check]] = {
    "open": record({"op": one_of("open"), **_OWNED, "sdp": text(LONGEST, shortest=1)}),
    "report": record({"op": one_of("report"), **_OWNED}),
    "close": record({"op": one_of("close"), **_OWNED}),
    "ping": record({"op": one_of("ping")}),
}

_log = structlog.get_logger(__name__)


class MediaService:
    """Answers one message at a time; whatever is asked wrongly is refused with a code."""

    def __init__(self, echoes: Echoes) -> None:
        """Serve `echoes`."""
        self._ops: Mapping[str, Callable[[Message], Awaitable[Message]]] = {
            "open": self._open,
            "report": self._report,
            "close": self._close,
            "ping": self._ping,
        }
        self._echoes = echoes

    async def answer(self, message: Message) -> Message:
        """Return the reply to `message`."""
        name = message.get("op")
        shape = _OPS.get(name) if isinstance(name, str) else None
        if shape is None:
            return {"ok": False, "code": "bad_message"}
        try:
            shape(message, "")
            return {"ok": True, **await self._ops[str(name)](message)}
        except ShapeError as error:
            return {"ok": False, "code": "bad_sdp" if error.field == "sdp" else "bad_message"}
        except RefusalError as refusal:
            return {"ok": False, "code": refusal.code}

    async def _open(self, message: Message) -> Message:
        answer = await self._echoes.open(*_ids(message), str(message["sdp"]))
        return {"sdp": answer}

    async def _report(self, message: Message) -> Message:
        return asdict(await self._echoes.report(*_ids(message)))

    async def _close(self, message: Message) -> Message:
        await self._echoes.close(*_ids(message))
        return {}

    async def _ping(self, _message: Message) -> Message:
        return {}


def _ids(message: Message) -> tuple[UUID, UUID]:
    return UUID(str(message["test"])), UUID(str(message["owner"]))


class UnixServer:
    """Listens on a socket file that its own user alone may open."""

    def __init__(self, path: Path, service: MediaService) -> None:
        """Serve `service` at `path`."""
        self._path = path
        self._service = service
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Take the socket file over, from a process that died too, and listen."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._talk, path=self._path)
        finally:
            os.umask(before)

    async def stop(self) -> None:
        """Listen no more and remove the file."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._path.unlink(missing_ok=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if _peer_uid(writer.get_extra_info("socket")) == os.getuid():
                await self._answer_all(reader, writer)
        except (frames.FrameError, asyncio.IncompleteReadError, TimeoutError, ConnectionError):
            pass  # a peer that speaks no frames, too slowly or no more is left alone
        except Exception as error:
            _log.error("media_link_failed", error_type=type(error).__name__)
        finally:
            writer.close()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(_READ_S):
                header = await reader.readexactly(frames.LENGTH_BYTES)
                body = await reader.readexactly(frames.length_of(header))
            writer.write(frames.encode(await self._service.answer(frames.decode(body))))
            await writer.drain()


def _peer_uid(connection: socket.socket) -> int:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
