"""Which room a visit gets: the lowest that is free for the whole of it, buffers included."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from clinic.scheduling.rules.intervals import Interval


@dataclass(frozen=True, slots=True)
class Room:
    """A room by the name on its door."""

    id: UUID
    name: str

    @property
    def place(self) -> tuple[tuple[tuple[int, str], ...], int]:
        """Return where the room stands in a list: numbers in names count as numbers."""
        parts = re.findall(r"\d+|\D+", self.name.casefold())
        return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts), self.id.int


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of a site, in order, and what takes them: disjoint stretches, sorted."""

    rooms: Sequence[Room]
    busy: Mapping[UUID, Sequence[Interval]]

    def free(self, wanted: Interval) -> Iterable[Room]:
        """Yield the rooms that are free for all of `wanted`, the lowest first."""
        return (room for room in self.rooms if not _touches(self.busy.get(room.id, ()), wanted))

    def has(self, wanted: Interval) -> bool:
        """Tell whether an in-person visit finds a room; a site without any does not manage rooms."""
        return not self.rooms or any(True for _ in self.free(wanted))


NO_ROOMS = Rooms((), {})


def _touches(taken: Sequence[Interval], wanted: Interval) -> bool:
    """Tell whether one of `taken` shares an instant with `wanted`: the last to begin before its end."""
    number = bisect_left(taken, wanted.end, key=lambda item: item.start)
    return number > 0 and taken[number - 1].end > wanted.start
