"""`clinic media`: run the media process until it is told to end."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import structlog

from clinic.video.media.echoes import Echoes
from clinic.video.media.loopback import allow_loopback
from clinic.video.media.server import MediaService, UnixServer

_log = structlog.get_logger(__name__)


def run(path: Path, *, loopback: bool) -> None:
    """Serve at the socket `path`; `loopback` is for tests."""
    if loopback:
        allow_loopback()
    asyncio.run(_serve(path))


async def _serve(path: Path) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    echoes = Echoes(time.monotonic)
    server = UnixServer(path, MediaService(echoes))
    await server.start()
    sweeper = asyncio.create_task(echoes.sweep_for_ever())
    _log.info("media_ready")
    try:
        await ended.wait()
    finally:
        sweeper.cancel()
        await server.stop()
        await echoes.close_all()
