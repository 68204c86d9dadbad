"""Letters as .eml files below DATA_DIR/mail: for trying the clinic out on one's own machine.

They hold addresses and working links, which no log may; the folder and the files are their owner's alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from clinic.ids import new_id
from clinic.notifications.channels.message import message_of
from clinic.notifications.ports import Letter, NotSent
from clinic.notifications.rules.ways import Way

_PHONES = "sms.invalid"
_STAMP = "%Y%m%dT%H%M%S"


class FileChannel:
    """Fulfils `ports.Channel`; any mail program opens what it writes, and names sort by time."""

    def __init__(self, folder: Path, sender: str) -> None:
        """Write below `folder`, as `sender`."""
        self._folder, self._sender = folder, sender

    def send(self, address: str, letter: Letter) -> None:
        """Write the letter to a file of its own; raises NotSent."""
        path = self._folder / f"{datetime.now(UTC):{_STAMP}}-{new_id()}.eml"
        message = message_of(letter, sender=self._sender, address=address)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes())
        except OSError as error:
            raise NotSent(f"file_{type(error).__name__}") from None


class FileTexts:
    """Fulfils `ports.Channel` for text messages, laid down beside the letters."""

    def __init__(self, files: FileChannel) -> None:
        """Write where `files` writes."""
        self._files = files

    def send(self, address: str, letter: Letter) -> None:
        """Write the text message to a file of its own; raises NotSent."""
        self._files.send(f"{address}@{_PHONES}", replace(letter, subject="", text=letter.short))


@dataclass(frozen=True, slots=True)
class Laid:
    """One message that was laid down."""

    id: str
    at: datetime
    way: Way
    to: str
    subject: str
    text: str


def laid_down(folder: Path, *, limit: int) -> Iterator[Laid]:
    """Yield the last `limit` messages in `folder`, the newest first."""
    for path in sorted(folder.glob("*.eml"), reverse=True)[:limit]:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        yield _laid(path.stem, message)


def _laid(name: str, message: EmailMessage) -> Laid:
    to, body = str(message["To"]), message.get_body(("plain",))
    number, _, domain = to.rpartition("@")
    return Laid(
        id=name,
        at=datetime.strptime(name.partition("-")[0], _STAMP).replace(tzinfo=UTC),
        way=Way.SMS if domain == _PHONES else Way.EMAIL,
        to=number if domain == _PHONES else to,
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()) if body else "",
    )
