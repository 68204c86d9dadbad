"""What a message is, who carries it, and who knows where people are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.notifications.models import RecipientKind
from clinic.notifications.rules.ways import Contact

__all__ = [
    "Channel",
    "Contact",
    "ContactDirectory",
    "Ids",
    "Key",
    "Letter",
    "Message",
    "NotSent",
    "Recipient",
    "Render",
]

Ids = Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar file that travels with a letter (RFC 6047); `method` is the one in the file."""

    method: str
    content: bytes


# Writes the file for the mail address that it goes to, since an invitation names whom it invites.
Invite = Callable[[str], CalendarPart]


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell somebody: plain sentences and where to go on. No health words, no names of others.

    The first sentence must do alone: it is all that a text message says beside the link.
    """

    sentences: tuple[str, ...]
    link: str | None = None
    invite: Invite | None = None


# Says in a language what there is to say about ids, or None when it has become pointless.
Render = Callable[[Session, Ids, str], Message | None]
# Says what the message about ids would be called if it were queued now, or None when there is none to send.
Key = Callable[[Session, Ids], str | None]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for."""

    kind: RecipientKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves the clinic: `text` by mail under `subject`, `short` as a text message.

    `id` is the same at every try, so that whoever carries it can tell a repetition.
    """

    subject: str
    text: str
    short: str = ""
    id: UUID | None = None
    calendar: CalendarPart | None = None


class ContactDirectory(Protocol):
    """Knows where people are reached; fulfilled by the identity slice."""

    def contact(self, session: Session, recipient: Recipient) -> Contact | None:
        """Return how to reach `recipient`, or None when there is no way."""
        ...

    def is_represented(self, session: Session, recipient: Recipient, at: datetime) -> bool:
        """Tell whether others stand in for `recipient` at `at`, and are written to themselves."""
        ...


class Channel(Protocol):
    """Carries letters out of the clinic."""

    def send(self, address: str, letter: Letter) -> None:
        """Hand `letter` over for `address`; raises NotSent, after which it is tried again."""
        ...


class NotSent(Exception):
    """The letter was not taken; `code` says why without naming anybody.

    `final` where trying the same way again is of no use, as with a number that does not exist.
    """

    def __init__(self, code: str, *, final: bool = False) -> None:
        """Keep the stable `code`."""
        super().__init__(code)
        self.code = code
        self.final = final
