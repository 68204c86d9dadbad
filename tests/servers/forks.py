"""Real processes that are there at once: forked from one that has loaded the clinic and opened nothing.

Each opens its own connections, as processes that load everything for themselves do, and each dies alone.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["clinic.app", "tests.servers.answerer", "tests.servers.bookers", "tests.servers.postman"]
)


class Fork:
    """A process that runs `act(line, *arguments)`; `line` is this end of a line to it."""

    def __init__(self, act: Callable[..., None], *arguments: Any) -> None:
        """Start it; it ends with this process."""
        self.line: Connection
        self.line, there = _FORKS.Pipe()
        self._process = _FORKS.Process(target=act, args=(there, *arguments), daemon=True)
        self._process.start()
        there.close()

    def said(self) -> Iterator[Any]:
        """Yield what it says until it ends."""
        try:
            while True:
                yield self.line.recv()
        except (EOFError, ConnectionResetError):
            return

    def end(self, seconds: float = 60) -> int | None:
        """Hang up and wait for its end; return its status, negative where a signal killed it."""
        self.line.close()
        self._process.join(seconds)
        return self._process.exitcode
