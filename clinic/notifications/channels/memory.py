"""Letters kept in memory: for tests and rehearsals."""

from __future__ import annotations

from clinic.notifications.ports import Letter


class MemoryChannel:
    """Fulfils `ports.Channel`; `sent` holds what was handed over, oldest first."""

    def __init__(self) -> None:
        """Start with nothing sent."""
        self.sent: list[tuple[str, Letter]] = []

    def send(self, address: str, letter: Letter) -> None:
        """Keep the letter."""
        self.sent.append((address, letter))
