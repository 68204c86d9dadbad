"""What a message is, who carries it, and who knows where people are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.notifications.models import RecipientKind

Ids = Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell somebody: plain sentences and where to go on. No health words, no names of others."""

    sentences: tuple[str, ...]
    link: str | None = None


# Says in a language what there is to say about ids, or None when it has become pointless.
Render = Callable[[Session, Ids, str], Message | None]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for."""

    kind: RecipientKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """Where and in which language somebody is reached; `wanted` is False where they declined mail."""

    email: str
    language: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves the clinic."""

    subject: str
    text: str


class ContactDirectory(Protocol):
    """Knows where people are reached; fulfilled by the identity slice."""

    def contact(self, session: Session, recipient: Recipient) -> Contact | None:
        """Return how to reach `recipient`, or None when there is no way."""
        ...


class Channel(Protocol):
    """Carries letters out of the clinic."""

    def send(self, address: str, letter: Letter) -> None:
        """Hand `letter` over for `address`; raises NotSent, after which it is tried again."""
        ...


class NotSent(Exception):
    """The letter was not taken; `code` says why without naming anybody."""

    def __init__(self, code: str) -> None:
        """Keep the stable `code`."""
        super().__init__(code)
        self.code = code
