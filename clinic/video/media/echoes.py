"""All device tests of one media process: how many, whose, and for how long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import structlog

from clinic.video.media.echo import EchoTest, Seconds
from clinic.video.rules.quality import EchoReport, EchoState

MOST_AT_ONCE: Final = 20
LIFETIME_S: Final = 60.0
_MOST_REMEMBERED: Final = 200
_SWEEP_S: Final = 1.0

_log = structlog.get_logger(__name__)


class RefusalError(Exception):
    """An answer that is not `ok`; `code` says which."""

    def __init__(self, code: str) -> None:
        """Carry the code of the refusal."""
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class _Open:
    owner: UUID
    test: EchoTest
    until: float


class Echoes:
    """Opens, reports on and ends device tests; one a owner, a minute each."""

    def __init__(self, seconds: Seconds, *, most: int = MOST_AT_ONCE, lifetime_s: float = LIFETIME_S) -> None:
        """Keep at most `most` tests, each for at most `lifetime_s` seconds of the monotonic clock."""
        self._seconds = seconds
        self._most = most
        self._lifetime_s = lifetime_s
        self._open: dict[UUID, _Open] = {}
        self._over: OrderedDict[UUID, tuple[UUID, EchoReport]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many tests are open."""
        return len(self._open)

    async def open(self, test: UUID, owner: UUID, sdp: str) -> str:
        """Start a test and return its answer; raises RefusalError `bad_sdp` or `busy`."""
        for earlier in [key for key, kept in self._open.items() if kept.owner == owner or key == test]:
            await self._end(earlier)
        if len(self._open) >= self._most:
            raise RefusalError("busy")
        echo = EchoTest(self._seconds)
        self._open[test] = _Open(owner, echo, self._seconds() + self._lifetime_s)
        try:
            return await echo.answer(sdp)
        except ValueError:
            await self._end(test, remember=False)
            raise RefusalError("bad_sdp") from None

    async def report(self, test: UUID, owner: UUID) -> EchoReport:
        """Return what a test has measured; raises RefusalError `not_found`."""
        kept = self._open.get(test)
        if kept is not None and kept.owner == owner:
            return await kept.test.report()
        over = self._over.get(test)
        if over is not None and over[0] == owner:
            return over[1]
        raise RefusalError("not_found")

    async def close(self, test: UUID, owner: UUID) -> None:
        """End a test; another owner's is not there."""
        kept = self._open.get(test)
        if kept is not None and kept.owner == owner:
            await self._end(test)

    async def sweep(self) -> None:
        """End what is too old, has failed or never connected."""
        now = self._seconds()
        for key in [key for key, kept in self._open.items() if now >= kept.until or kept.test.is_dead]:
            await self._end(key)

    async def sweep_for_ever(self) -> None:
        """Sweep once a second until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            await self.sweep()

    async def close_all(self) -> None:
        """End every test."""
        for key in list(self._open):
            await self._end(key)

    async def _end(self, test: UUID, *, remember: bool = True) -> None:
        kept = self._open.pop(test, None)
        if kept is None:
            return
        if remember:
            self._over[test] = (kept.owner, replace(await kept.test.report(), state=EchoState.OVER))
            while len(self._over) > _MOST_REMEMBERED:
                self._over.popitem(last=False)
        try:
            await kept.test.close()
        except Exception as error:  # a connection that cannot even close must not keep the others open
            _log.error("echo_not_closed", error_type=type(error).__name__)
