"""Letters on the terminal of whoever runs `clinic worker` by hand: for development, never into a log."""

from __future__ import annotations

import sys

from clinic.notifications.ports import Letter, NotSent


class ConsoleChannel:
    """Fulfils `ports.Channel`; without a terminal nothing is written, since logs hold no addresses."""

    def send(self, address: str, letter: Letter) -> None:
        """Print the letter; raises NotSent where nobody looks on."""
        if not sys.stdout.isatty():
            raise NotSent("no_terminal")
        sys.stdout.write(f"--- {address}\n{letter.subject}\n\n{letter.text}\n")
