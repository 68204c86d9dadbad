"""How far a patient has come, as the therapist's day sees it."""

from __future__ import annotations

from enum import StrEnum

from clinic.video.rules.room import Seat, SeatState


class Arrival(StrEnum):
    """On the waiting-room page, waiting to be admitted, in, or here before with the line dropped."""

    ARRIVED = "arrived"
    WAITING = "waiting"
    ADMITTED = "admitted"
    AWAY = "away"


def arrival(seat: Seat, *, on_page: bool) -> Arrival | None:
    """Return the arrival of a patient's seat, None where there is nothing to tell."""
    if seat.state is SeatState.LEFT:
        return Arrival.ARRIVED if on_page else None
    if not seat.here:
        return Arrival.ARRIVED if on_page else Arrival.AWAY
    return Arrival.ADMITTED if seat.state is SeatState.ADMITTED else Arrival.WAITING
