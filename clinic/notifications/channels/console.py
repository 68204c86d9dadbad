"""Letters on the worker's terminal: for trying the clinic out on one's own machine."""

from __future__ import annotations

from typing import TextIO

from clinic.notifications.ports import Letter


class ConsoleChannel:
    """Fulfils `ports.Channel`."""

    def __init__(self, out: TextIO) -> None:
        """Write to `out`."""
        self._out = out

    def send(self, address: str, letter: Letter) -> None:
        """Write the letter where whoever started the clinic sees it."""
        self._out.write(f"--- to {address}: {letter.subject}\n{letter.text}---\n")
        self._out.flush()
