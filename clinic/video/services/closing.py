"""When a visit is called off or moved its room is emptied, and when its day is over it is closed."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.ids import AppointmentId
from clinic.video.events import EndReason
from clinic.video.models import Room, RoomSeat
from clinic.video.queries.rooms import room_of
from clinic.video.rules import room as rules
from clinic.video.rules.room import RoomStatus, SeatRole
from clinic.video.services.changing import apply, begin, forget_locations, locked
from clinic.video.services.seats import empty


def cancelled(session: Session, *, clock: Clock, appointment_id: AppointmentId) -> None:
    """Close the room of a visit that will not take place."""
    if room_of(session, appointment_id=appointment_id) is None:
        return
    visit = begin(session, appointment_id=appointment_id)
    room = locked(session, visit=visit, clock=clock)
    after, reason = rules.close(room.value), EndReason.CANCELLED
    empty(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=after, reason=reason)


def moved(session: Session, *, clock: Clock, appointment_id: AppointmentId) -> None:
    """Empty the room of a visit that has another time now; it opens again for that."""
    if room_of(session, appointment_id=appointment_id) is None:
        return
    visit = begin(session, appointment_id=appointment_id)
    room = locked(session, visit=visit, clock=clock)
    after, reason = rules.clear(room.value), EndReason.MOVED
    empty(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=after, reason=reason)


def forget_dead_lines(session: Session, *, clock: Clock) -> int:
    """Note that the sockets of a web process that died are gone; seats are kept. Returns how many."""
    rows = session.scalars(
        select(RoomSeat)
        .where(or_(RoomSeat.connection.is_not(None), RoomSeat.lobby.is_not(None)))
        .order_by(RoomSeat.room_id, RoomSeat.id)
    ).all()
    for row in rows:
        visit = begin(session, appointment_id=row.room.appointment_id)
        room = locked(session, visit=visit, clock=clock)
        row.lobby = None
        after = rules.drop(room.value, seat_id=row.id, connection=row.connection or "")
        apply(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=after)
    return len(rows)


def sweep(session: Session, *, clock: Clock, limit: int = 100) -> int:
    """Close rooms whose last door has closed, locations and open calls included; return how many."""
    now, closed = clock.now(), 0
    open_rooms = session.scalars(
        select(Room).where(Room.status != RoomStatus.CLOSED).order_by(Room.created_at, Room.id).limit(limit)
    )
    for row in open_rooms.all():
        visit = begin(session, appointment_id=row.appointment_id)
        if not visit.opening(SeatRole.PRACTITIONER).is_over(now):
            continue
        room = locked(session, visit=visit, clock=clock)
        apply(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=rules.close(room.value))
        forget_locations(room)
        closed += 1
    return closed
