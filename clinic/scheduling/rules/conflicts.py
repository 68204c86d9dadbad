"""What is in the way of a visit, by kind, and what of it the desk may book over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval


class Kind(StrEnum):
    """Why a visit does not fit."""

    TAKEN = "taken"
    KEPT = "kept"
    BUFFER = "buffer"
    AWAY = "leave"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    NO_ROOM = "no_room"
    RESERVED = "reserved"
    PATIENT_BUSY = "patient_busy"
    PAST = "past"


FIRM = frozenset({Kind.PATIENT_BUSY, Kind.PAST})


@dataclass(frozen=True, slots=True)
class Other:
    """A visit or hold that may be in the way."""

    id: UUID
    status: Status
    visit: Interval
    busy: Interval


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that is in the way; `firm` means that nobody may book over it."""

    kind: Kind
    when: Interval | None = None
    appointment: UUID | None = None

    @property
    def firm(self) -> bool:
        """Tell whether even the desk cannot book over it."""
        return self.kind in FIRM


def with_visits(visit: Interval, busy: Interval, others: Iterable[Other]) -> Iterator[Clash]:
    """Yield how a visit meets the practitioner's `others`; where only breaks touch, it is a buffer."""
    for other in others:
        if not busy.overlaps(other.busy):
            continue
        if not visit.overlaps(other.visit):
            kind = Kind.BUFFER
        else:
            kind = Kind.KEPT if other.status is Status.HELD else Kind.TAKEN
        yield Clash(kind, other.visit, other.id)


def for_patients(clashes: Iterable[Clash]) -> list[Clash]:
    """Return what somebody may be told who sees no diary: that a time is not free, and not why."""
    told: list[Clash] = []
    for clash in clashes:
        if clash.kind is Kind.PATIENT_BUSY:
            told.append(clash)
            continue
        hidden = {Kind.KEPT, Kind.BUFFER, Kind.AWAY, Kind.NO_ROOM, Kind.RESERVED}
        plain = Clash(Kind.TAKEN if clash.kind in hidden else clash.kind)
        if plain not in told:
            told.append(plain)
    return told
