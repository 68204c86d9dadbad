"""The one way in which a room's rows change: to the room that follows, with all that hangs on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.ids import RoomId, new_id
from clinic.scheduling.queries.visits import lock_visit
from clinic.scheduling.services.attendance import record_presence
from clinic.video.events import RoomChanged
from clinic.video.models import Room, RoomCall, RoomSeat
from clinic.video.queries.rooms import get_visit
from clinic.video.rules import room as rules
from clinic.video.rules.room import RoomStatus, SeatState
from clinic.video.rules.visit import Visit


def begin(session: Session, *, appointment_id: UUID) -> Visit:
    """Lock a visit for the transaction and return it as it is now; raises NotFound.

    The visit is locked before its room, as cancelling and moving do, so that nobody waits crosswise.
    """
    lock_visit(session, appointment_id=appointment_id)
    return get_visit(session, appointment_id=appointment_id)


def locked(session: Session, *, visit: Visit, clock: Clock) -> Room:
    """Return the room of a visit that `begin` has locked, made if need be."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "id": new_id(),
        "appointment_id": visit.id,
        "status": RoomStatus.OPEN,
        "epoch": 1,
        "created_at": clock.now(),
    }
    session.execute(dialect.insert(Room).values(**values).on_conflict_do_nothing())
    statement = select(Room).where(Room.appointment_id == visit.id).with_for_update(of=Room)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def apply(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    visit: Visit,
    room: Room,
    after: rules.Room,
    joined: UUID | None = None,
    admitted: UUID | None = None,
) -> None:
    """Make `room` what the rules say follows; records presence and call length, and tells of the change."""
    before, now = room.value, clock.now()
    room.status, room.epoch = after.status, after.epoch
    for seat in after.seats:
        row = _row(session, room, seat, now)
        was_here = row.value.here
        row.state, row.instance, row.connection = seat.state, seat.instance, seat.connection
        if seat.state is SeatState.LEFT:
            row.session_id = row.mic = row.camera = row.sound_only = row.dropped_at = None
        if seat.here != was_here:
            row.dropped_at = None if seat.here or seat.state is SeatState.LEFT else now
            _presence(session, actor=actor, clock=clock, visit=visit, seat=seat)
    if before.in_call != after.in_call:
        _note_call(session, room.id, began=after.in_call, now=now)
    publish(session, RoomChanged(RoomId(room.id), joined=joined, admitted=admitted))


def seat_row(room: Room, seat_id: UUID) -> RoomSeat:
    """Return the row of a seat that the room has."""
    return next(row for row in room.seats if row.id == seat_id)


def forget_locations(room: Room) -> None:
    """Erase where people said they were."""
    for row in room.seats:
        row.place_sealed = row.phone_sealed = row.located_at = None


def note(session: Session, *, actor: Actor, clock: Clock, visit: Visit, action: str) -> None:
    """Write an act on a visit's room into the audit trail."""
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=visit.patient_id,
        object_type="appointment",
        object_id=visit.id,
    )


def _row(session: Session, room: Room, seat: rules.Seat, now: datetime) -> RoomSeat:
    for row in room.seats:
        if row.id == seat.id:
            return row
    row = RoomSeat(
        id=seat.id, account_id=seat.account_id, role=seat.role, state=SeatState.LEFT, created_at=now
    )
    room.seats.append(row)
    session.flush()
    return row


def _presence(session: Session, *, actor: Actor, clock: Clock, visit: Visit, seat: rules.Seat) -> None:
    now = clock.now()
    record_presence(
        session,
        actor=actor,
        clock=clock,
        appointment_id=visit.id,
        who=seat.role,
        joined_at=now if seat.here else None,
        left_at=None if seat.here else now,
    )


def _note_call(session: Session, room_id: UUID, *, began: bool, now: datetime) -> None:
    if began:
        session.add(RoomCall(id=new_id(), room_id=room_id, began_at=now))
        return
    session.execute(
        update(RoomCall).where(RoomCall.room_id == room_id, RoomCall.ended_at.is_(None)).values(ended_at=now)
    )
