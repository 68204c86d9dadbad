"""When a visit is called off or moved its room is emptied, and when its day is over it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.ids import AppointmentId
from clinic.video.events import EndReason
from clinic.video.models import Room
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


def rooms_not_closed(session: Session) -> Sequence[UUID]:
    """Return the visits whose rooms are not closed yet, the oldest room first."""
    chosen = select(Room.appointment_id).where(Room.status != RoomStatus.CLOSED)
    return session.scalars(chosen.order_by(Room.created_at, Room.id)).all()


def close_if_over(session: Session, *, clock: Clock, appointment_id: UUID) -> bool:
    """Close the room of a visit whose last door has closed, its locations and open call included."""
    visit = begin(session, appointment_id=appointment_id)
    if not visit.opening(SeatRole.PRACTITIONER).is_over(clock.now()):
        return False
    room = locked(session, visit=visit, clock=clock)
    apply(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=rules.close(room.value))
    forget_locations(room)
    return True
