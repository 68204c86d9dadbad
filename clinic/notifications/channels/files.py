"""Letters as .eml files below DATA_DIR/mail: for trying the clinic out on one's own machine.

They hold addresses and working links, which no log may; the folder and the files are their owner's alone.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from clinic.ids import new_id
from clinic.notifications.channels.message import message_of
from clinic.notifications.ports import Letter, NotSent


class FileChannel:
    """Fulfils `ports.Channel`; any mail program opens what it writes, and names sort by time."""

    def __init__(self, folder: Path, sender: str) -> None:
        """Write below `folder`, as `sender`."""
        self._folder, self._sender = folder, sender

    def send(self, address: str, letter: Letter) -> None:
        """Write the letter to a file of its own; raises NotSent."""
        path = self._folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{new_id()}.eml"
        message = message_of(letter, sender=self._sender, address=address)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes())
        except OSError as error:
            raise NotSent(f"file_{type(error).__name__}") from None
