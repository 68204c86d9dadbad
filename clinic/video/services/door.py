"""Before the room: join tickets over HTTP, and word that somebody is on the waiting-room page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict
from clinic.ids import AccountId, AppointmentId, RoomId, new_id
from clinic.video.events import RoomChanged
from clinic.video.models import JoinTicket, Room, RoomSeat
from clinic.video.rules import tickets
from clinic.video.rules.room import RoomStatus, SeatRole, SeatState
from clinic.video.rules.tickets import Ticket
from clinic.video.rules.visit import Visit
from clinic.video.services.changing import begin, locked, note


@dataclass(frozen=True, slots=True)
class Pass:
    """What lets one account join one room once."""

    room_id: RoomId
    ticket: str
    expires_at: datetime
    role: SeatRole


def open_room(session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId) -> Pass:
    """Issue a join ticket for the actor's side of a visit; raises NotFound, Conflict as the door says."""
    visit, role, room = _entered(session, actor=actor, clock=clock, appointment_id=appointment_id)
    now, token = clock.now(), secrets.token_urlsafe(tickets.TOKEN_BYTES)
    session.execute(delete(JoinTicket).where(JoinTicket.expires_at <= now))
    ticket = JoinTicket(
        id=new_id(),
        token_hash=tickets.token_hash(token),
        account_id=actor.account_id,
        appointment_id=visit.id,
        created_at=now,
        expires_at=now + tickets.LIFETIME,
    )
    session.add(ticket)
    note(session, actor=actor, clock=clock, visit=visit, action="room.open")
    return Pass(RoomId(room.id), token, ticket.expires_at, role)


def redeem(session: Session, *, actor: Actor, clock: Clock, token: str) -> AppointmentId:
    """Use a ticket up and return what it opens; raises Conflict `ticket_invalid`, whatever the reason."""
    now = clock.now()
    row = session.execute(
        update(JoinTicket)
        .where(JoinTicket.token_hash == tickets.token_hash(token), JoinTicket.used_at.is_(None))
        .values(used_at=now)
        .returning(JoinTicket.account_id, JoinTicket.appointment_id, JoinTicket.expires_at)
    ).one_or_none()
    if row is None:
        raise Conflict("ticket_invalid")
    ticket = Ticket(AccountId(row.account_id), AppointmentId(row.appointment_id), row.expires_at)
    if not tickets.admits(ticket, actor.account_id, now):
        raise Conflict("ticket_invalid")
    return ticket.appointment_id


def arrive(
    session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId, connection: str
) -> RoomId:
    """Note that a patient is on the waiting-room page, through the socket `connection`."""
    visit, role, room = _entered(session, actor=actor, clock=clock, appointment_id=appointment_id)
    seat = next((row for row in room.seats if row.account_id == actor.account_id), None)
    if seat is None:
        seat = RoomSeat(
            id=new_id(),
            account_id=actor.account_id,
            role=role,
            state=SeatState.LEFT,
            created_at=clock.now(),
        )
        room.seats.append(seat)
        note(session, actor=actor, clock=clock, visit=visit, action="room.arrive")
    seat.lobby, seat.arrived_at, seat.seen_at = connection, clock.now(), clock.now()
    publish(session, RoomChanged(RoomId(room.id)))
    return RoomId(room.id)


def withdraw(session: Session, *, room_id: UUID, account_id: UUID, connection: str) -> None:
    """Note that the waiting-room page is gone; a newer page of the same account stays."""
    gone = session.execute(
        update(RoomSeat)
        .where(RoomSeat.room_id == room_id, RoomSeat.account_id == account_id, RoomSeat.lobby == connection)
        .values(lobby=None)
        .returning(RoomSeat.id)
    ).first()
    if gone is not None:
        publish(session, RoomChanged(RoomId(room_id)))


def _entered(
    session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId
) -> tuple[Visit, SeatRole, Room]:
    """Return visit, side and locked room of somebody who stands before an open door."""
    visit = begin(session, appointment_id=appointment_id)
    role = visit.role_of(actor)
    visit.check_door(role, clock.now())
    room = locked(session, visit=visit, clock=clock)
    if room.status is RoomStatus.CLOSED or (room.status is RoomStatus.ENDED and role is SeatRole.PATIENT):
        raise Conflict("room_closed")
    return visit, role, room
