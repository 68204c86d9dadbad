"""What new zone rules mean for a promised wall time: it stays, and its instant may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from clinic.scheduling.rules.zones import to_utc, zone

T = TypeVar("T")


class Clash(StrEnum):
    """Who has another visit at the time to which one moves, or that its room is taken then."""

    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    MEMBER = "member"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Promise:
    """A wall time in a zone, and the instant that it was when it was promised."""

    wall_start: str
    tz: str
    starts_at: datetime

    @property
    def shift(self) -> timedelta:
        """Return how far the instant moves so that the wall time stays; zero where it need not.

        Of a wall time that comes twice, either may have been promised.
        """
        wall = datetime.fromisoformat(self.wall_start)
        second = wall.replace(tzinfo=zone(self.tz), fold=1).astimezone(UTC)
        first = to_utc(wall, self.tz)
        return timedelta(0) if self.starts_at in {first, second} else first - self.starts_at


@dataclass(frozen=True, slots=True)
class Moving(Generic[T]):
    """Something that moves by `shift` from `starts_at`."""

    what: T
    starts_at: datetime
    shift: timedelta


def in_order(moves: Iterable[Moving[T]]) -> list[Moving[T]]:
    """Return moves so that none runs into the next: what goes later begins with the last, and vice versa.

    Those that start together keep their order.
    """
    found = sorted(moves, key=lambda one: one.starts_at)
    later = [one for one in found if one.shift > timedelta(0)]
    earlier = [one for one in found if one.shift <= timedelta(0)]
    return [*sorted(later, key=lambda one: one.starts_at, reverse=True), *earlier]
