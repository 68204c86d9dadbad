"""Seats in a group's session: who sits, who waits, who may join, and who moves up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clinic.scheduling.rules.booking import AHEAD, Status

MOST_SEATS = 50


class SeatStatus(StrEnum):
    """Where a member stands; only a booked seat counts as taken before the session."""

    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    MISSED = "missed"


# Seats that count against the capacity: what came of them afterwards does not give them back.
TAKEN = frozenset({SeatStatus.BOOKED, SeatStatus.ATTENDED, SeatStatus.MISSED})


@dataclass(frozen=True, slots=True)
class Room:
    """How full a session is."""

    capacity: int
    taken: int

    @property
    def left(self) -> int:
        """Return how many seats are free."""
        return self.capacity - self.taken


def may_join(status: Status, starts_at: datetime, now: datetime) -> bool:
    """Tell whether seats of a session are still given out."""
    return status in AHEAD and now < starts_at


def may_note_attendance(status: Status, starts_at: datetime, now: datetime) -> bool:
    """Tell whether it can be said who came: the session has begun and was not called off."""
    return status in AHEAD | {Status.FULFILLED} and now >= starts_at
