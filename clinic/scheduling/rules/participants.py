"""Who may come to a visit besides patient and practitioner, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

MOST = 5  # more is a group, which has rules of its own


class ParticipantKind(StrEnum):
    """What somebody comes as."""

    INTERPRETER = "interpreter"
    FAMILY = "family"
    COMPANION = "companion"


@dataclass(frozen=True, slots=True)
class Named:
    """A participant as the people of the visit see them."""

    id: UUID
    kind: ParticipantKind
    name: str
    language: str | None
