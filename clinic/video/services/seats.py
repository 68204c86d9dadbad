"""In the room: take a seat, let in, lose the line, leave, end; each a step of the rules on a locked room."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM, Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Unauthenticated
from clinic.ids import AppointmentId, RoomId, new_id
from clinic.video.events import EndReason, RoomEnded, SeatTakenOver
from clinic.video.models import Room
from clinic.video.rules import room as rules
from clinic.video.rules.room import Seat, SeatRole
from clinic.video.rules.visit import Visit
from clinic.video.services.changing import apply, begin, forget_locations, locked, note, seat_row
from clinic.video.services.door import redeem


@dataclass(frozen=True, slots=True)
class Place:
    """Where a socket speaks from; what it says is taken only while the seat is still its own."""

    appointment_id: AppointmentId
    room_id: RoomId
    seat_id: UUID
    connection: str


def join(
    session: Session, *, actor: Actor, clock: Clock, token: str, instance: UUID, connection: str
) -> Place:
    """Take the actor's seat for a ticket; raises Conflict `ticket_invalid` or as the door says."""
    visit = begin(session, appointment_id=redeem(session, actor=actor, clock=clock, token=token))
    role = visit.role_of(actor)
    if not actor.reaches(visit.id):
        raise Unauthenticated("session_idle")
    visit.check_door(role, clock.now())
    room = locked(session, visit=visit, clock=clock)
    before = room.value.seat_of(actor.account_id)
    after = rules.join(
        room.value,
        seat_id=new_id(),
        account_id=actor.account_id,
        role=role,
        instance=instance,
        connection=connection,
    )
    seat_id = next(seat.id for seat in after.seats if seat.account_id == actor.account_id)
    apply(session, actor=actor, clock=clock, visit=visit, room=room, after=after, joined=seat_id)
    seat = seat_row(room, seat_id)
    seat.session_id, seat.lobby, seat.seen_at = actor.session_id, None, clock.now()
    seat.arrived_at = seat.arrived_at or clock.now()
    if before is not None and before.here and before.connection not in {None, connection}:
        publish(session, SeatTakenOver(RoomId(room.id), str(before.connection)))
    note(session, actor=actor, clock=clock, visit=visit, action="room.join")
    if role is SeatRole.PRACTITIONER and any(row.located_at for row in room.seats):
        note(session, actor=actor, clock=clock, visit=visit, action="room.location.read")
    return Place(visit.id, RoomId(room.id), seat.id, connection)


def admit(session: Session, *, actor: Actor, clock: Clock, place: Place, seat_id: UUID, epoch: int) -> None:
    """Let a waiting seat in; raises Denied `not_permitted`, Conflict `no_seat`, `stale_epoch`."""
    visit, room = seated(session, clock=clock, place=place)
    after = rules.admit(room.value, by=place.seat_id, seat_id=seat_id, epoch=epoch)
    if after == room.value:
        return
    apply(session, actor=actor, clock=clock, visit=visit, room=room, after=after, admitted=seat_id)
    note(session, actor=actor, clock=clock, visit=visit, action="room.admit")


def drop(session: Session, *, clock: Clock, place: Place) -> None:
    """Note that the socket is gone; the seat is kept. Nobody acts: the line may have gone by itself."""
    visit = begin(session, appointment_id=place.appointment_id)
    room = locked(session, visit=visit, clock=clock)
    after = rules.drop(room.value, seat_id=place.seat_id, connection=place.connection)
    if after != room.value:
        apply(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=after)


def leave(session: Session, *, actor: Actor, clock: Clock, place: Place, epoch: int) -> None:
    """Give the seat up."""
    visit, room = seated(session, clock=clock, place=place)
    after = rules.leave(room.value, seat_id=place.seat_id, epoch=epoch)
    apply(session, actor=actor, clock=clock, visit=visit, room=room, after=after)
    note(session, actor=actor, clock=clock, visit=visit, action="room.leave")


def end(session: Session, *, actor: Actor, clock: Clock, place: Place, epoch: int) -> None:
    """End the call for everybody."""
    visit, room = seated(session, clock=clock, place=place)
    after = rules.end(room.value, by=place.seat_id, epoch=epoch)
    empty(session, actor=actor, clock=clock, visit=visit, room=room, after=after, reason=EndReason.ENDED)
    note(session, actor=actor, clock=clock, visit=visit, action="room.end")


def empty(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    visit: Visit,
    room: Room,
    after: rules.Room,
    reason: EndReason,
) -> None:
    """Send everybody out and forget where they said they were."""
    told = {row.connection for row in room.seats} | {row.lobby for row in room.seats}
    apply(session, actor=actor, clock=clock, visit=visit, room=room, after=after)
    forget_locations(room)
    for row in room.seats:
        row.lobby = None
    connections = tuple(sorted(connection for connection in told if connection is not None))
    publish(session, RoomEnded(RoomId(room.id), visit.id, reason, connections))


def seated(session: Session, *, clock: Clock, place: Place) -> tuple[Visit, Room]:
    """Return visit and locked room of a socket that speaks for its seat; raises Conflict `not_joined`."""
    visit = begin(session, appointment_id=place.appointment_id)
    room = locked(session, visit=visit, clock=clock)
    check_seat(room.value, place)
    return visit, room


def check_seat(room: rules.Room, place: Place) -> Seat:
    """Return the seat of `place`; raises Conflict `not_joined` when another socket speaks for it by now."""
    seat = next((seat for seat in room.seats if seat.id == place.seat_id), None)
    if seat is None or not seat.here or seat.connection != place.connection:
        raise Conflict("not_joined")
    return seat


def set_media(
    session: Session, *, clock: Clock, place: Place, epoch: int, mic: bool, camera: bool, sound_only: bool
) -> None:
    """Keep what a seat sends, for those who come later; raises Denied, Conflict `stale_epoch`."""
    _visit, room = seated(session, clock=clock, place=place)
    rules.check_admitted(room.value, seat_id=place.seat_id, epoch=epoch)
    row = seat_row(room, place.seat_id)
    row.mic, row.camera, row.sound_only = mic, camera, sound_only
