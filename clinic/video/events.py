"""What has happened in rooms; ids only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinic.ids import AppointmentId, RoomId


class EndReason(StrEnum):
    """Why everybody was sent out."""

    ENDED = "ended"
    CANCELLED = "cancelled"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """Somebody came (`joined`), was let in (`admitted`), lost the line or left."""

    room_id: RoomId
    joined: UUID | None = None
    admitted: UUID | None = None


@dataclass(frozen=True, slots=True)
class SeatTakenOver:
    """A seat speaks through a newer socket; `connection` is the older one."""

    room_id: RoomId
    connection: str


@dataclass(frozen=True, slots=True)
class LocationGiven:
    """A patient has said where they are."""

    room_id: RoomId
    seat_id: UUID


@dataclass(frozen=True, slots=True)
class RoomEnded:
    """Everybody was sent out; `connections` are the sockets that were seated or on the waiting-room page."""

    room_id: RoomId
    appointment_id: AppointmentId
    reason: EndReason
    connections: tuple[str, ...]
