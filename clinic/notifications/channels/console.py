"""Letters on the worker's terminal: for trying the clinic out on one's own machine.

The terminal may be a log, so that whom a letter is for is hinted at and not written out.
"""

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
        self._out.write(f"--- to {_hint(address)}: {letter.subject}\n{letter.text}---\n")
        self._out.flush()


def _hint(address: str) -> str:
    """Return `s…@clinic.example` for an address."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
