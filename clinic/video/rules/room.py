"""The life of a room: who has which seat, who waits, who is in, and which peer connections are current.

A seat belongs to an account for as long as the room exists; an instance is one page with one
RTCPeerConnection; the epoch rises whenever the set of current peer connections changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from clinic.errors import Conflict, Denied
from clinic.ids import AccountId


class SeatRole(StrEnum):
    """Which side of the visit a seat is on."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"

    @property
    def polite(self) -> bool:
        """Tell whether this side yields when offers collide: the therapist does."""
        return self is SeatRole.PRACTITIONER


class SeatState(StrEnum):
    """How far somebody has come."""

    WAITING = "waiting"
    ADMITTED = "admitted"
    LEFT = "left"


class RoomStatus(StrEnum):
    """Ended rooms open again when the therapist re-enters; closed ones never do."""

    OPEN = "open"
    ENDED = "ended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Seat:
    """One account's place; `connection` is the socket that speaks for it, None while the line is down."""

    id: UUID
    account_id: AccountId
    role: SeatRole
    state: SeatState = SeatState.LEFT
    instance: UUID | None = None
    connection: str | None = None

    @property
    def here(self) -> bool:
        """Tell whether messages reach the seat now."""
        return self.connection is not None and self.state is not SeatState.LEFT

    @property
    def talks(self) -> bool:
        """Tell whether the seat may exchange descriptions and candidates now."""
        return self.state is SeatState.ADMITTED and self.here


@dataclass(frozen=True, slots=True)
class Room:
    """A room as values; every act below returns the room that follows."""

    status: RoomStatus = RoomStatus.OPEN
    epoch: int = 1
    seats: tuple[Seat, ...] = ()

    def seat(self, seat_id: UUID) -> Seat:
        """Return a seat; Conflict("no_seat") where there is none of that id."""
        for seat in self.seats:
            if seat.id == seat_id:
                return seat
        raise Conflict("no_seat")

    def seat_of(self, account_id: AccountId) -> Seat | None:
        """Return the seat of an account, left ones included."""
        return next((seat for seat in self.seats if seat.account_id == account_id), None)

    @property
    def in_call(self) -> bool:
        """Tell whether both sides are in and reachable, so that a call is going on."""
        return {seat.role for seat in self.seats if seat.talks} == set(SeatRole)

    def others(self, seat_id: UUID) -> tuple[Seat, ...]:
        """Return everybody else who has not left."""
        return tuple(s for s in self.seats if s.id != seat_id and s.state is not SeatState.LEFT)


def _put(room: Room, seat: Seat, *, new_epoch: bool = False) -> Room:
    seats = tuple(seat if s.id == seat.id else s for s in room.seats)
    if all(s.id != seat.id for s in room.seats):
        seats = (*seats, seat)
    return replace(room, seats=seats, epoch=room.epoch + new_epoch)


def _current(room: Room, epoch: int) -> None:
    if epoch != room.epoch:
        raise Conflict("stale_epoch")


def join(
    room: Room, *, seat_id: UUID, account_id: AccountId, role: SeatRole, instance: UUID, connection: str
) -> Room:
    """Seat an account: the therapist and a patient who was in before at once, everyone else as waiting.

    `seat_id` is used only if the account has no seat yet. Raises Conflict("room_closed").
    """
    if room.status is RoomStatus.CLOSED or (room.status is RoomStatus.ENDED and role is SeatRole.PATIENT):
        raise Conflict("room_closed")
    before = room.seat_of(account_id) or Seat(id=seat_id, account_id=account_id, role=role)
    enters = role is SeatRole.PRACTITIONER or before.state is SeatState.ADMITTED
    seat = replace(
        before,
        state=SeatState.ADMITTED if enters else SeatState.WAITING,
        instance=instance,
        connection=connection,
    )
    resumed = before.state is SeatState.ADMITTED and before.instance == instance
    return _put(replace(room, status=RoomStatus.OPEN), seat, new_epoch=enters and not resumed)


def admit(room: Room, *, by: UUID, seat_id: UUID, epoch: int) -> Room:
    """Let a waiting seat in; a seat that is in stays so. Raises Denied, Conflict."""
    if room.seat(by).role is not SeatRole.PRACTITIONER:
        raise Denied("not_permitted")
    _current(room, epoch)
    seat = room.seat(seat_id)
    if seat.state is SeatState.LEFT:
        raise Conflict("no_seat")
    if seat.state is SeatState.ADMITTED:
        return room
    return _put(room, replace(seat, state=SeatState.ADMITTED), new_epoch=True)


def drop(room: Room, *, seat_id: UUID, connection: str) -> Room:
    """Note that a socket is gone; the seat is kept. An older socket of the seat changes nothing."""
    seat = room.seat(seat_id)
    return _put(room, replace(seat, connection=None)) if seat.connection == connection else room


def leave(room: Room, *, seat_id: UUID, epoch: int) -> Room:
    """Give a seat up: a patient who comes back waits again."""
    _current(room, epoch)
    seat = room.seat(seat_id)
    gone = replace(seat, state=SeatState.LEFT, instance=None, connection=None)
    return _put(room, gone, new_epoch=seat.state is SeatState.ADMITTED)


def _empty(room: Room, status: RoomStatus) -> Room:
    gone = tuple(replace(s, state=SeatState.LEFT, instance=None, connection=None) for s in room.seats)
    return Room(status=status, epoch=room.epoch + 1, seats=gone)


def end(room: Room, *, by: UUID, epoch: int) -> Room:
    """End the call for all, at the therapist's word."""
    if room.seat(by).role is not SeatRole.PRACTITIONER:
        raise Denied("not_permitted")
    _current(room, epoch)
    return _empty(room, RoomStatus.ENDED)


def close(room: Room) -> Room:
    """Close the room for good: cancelled, moved, or its time is over."""
    return room if room.status is RoomStatus.CLOSED else _empty(room, RoomStatus.CLOSED)


def clear(room: Room) -> Room:
    """Empty the room and leave it open, for a visit that has moved to another time."""
    return room if room.status is RoomStatus.CLOSED else _empty(room, RoomStatus.OPEN)


def check_admitted(room: Room, *, seat_id: UUID, epoch: int) -> None:
    """Raise Denied `not_admitted` or Conflict `stale_epoch` unless the seat is in and up to date."""
    if room.seat(seat_id).state is not SeatState.ADMITTED:
        raise Denied("not_admitted")
    _current(room, epoch)


def peer_of(room: Room, *, seat_id: UUID, epoch: int) -> Seat:
    """Return whom a seat's signalling goes to in a call of two; raises as above, and Conflict `no_peer`."""
    check_admitted(room, seat_id=seat_id, epoch=epoch)
    for other in room.others(seat_id):
        if other.talks:
            return other
    raise Conflict("no_peer")
