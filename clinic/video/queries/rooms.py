"""Rooms and the visits they are for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic.errors import NotFound
from clinic.ids import AppointmentId, SessionId
from clinic.scheduling.queries.visits import visit_facts
from clinic.video.models import Room, RoomSeat
from clinic.video.rules.room import SeatState
from clinic.video.rules.visit import Visit

# How long a seat whose line dropped still holds its session: a reload, a tunnel, a change of network.
SEAT_KEPT: Final = timedelta(minutes=2)


def get_visit(session: Session, *, appointment_id: UUID) -> Visit:
    """Return the facts of a visit; raises NotFound."""
    found = visit_facts(session, appointment_ids=[appointment_id]).get(appointment_id)
    if found is None:
        raise NotFound
    return Visit(
        id=found.id,
        patient_id=found.patient_id,
        practitioner_id=found.practitioner_id,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        local=found.local,
        tz=found.tz,
        offset=found.offset,
        modality=found.modality.value,
        is_on=found.is_on,
    )


def get_room(session: Session, *, room_id: UUID) -> Room:
    """Return a room; raises NotFound."""
    room = session.get(Room, room_id)
    if room is None:
        raise NotFound
    return room


def room_of(session: Session, *, appointment_id: UUID) -> Room | None:
    """Return the room of an appointment, if anybody has stood before it yet."""
    return session.scalars(select(Room).where(Room.appointment_id == appointment_id)).one_or_none()


def seated_appointment(session: Session, *, session_id: SessionId, now: datetime) -> AppointmentId | None:
    """Return the appointment in whose room a web session sits admitted, its line up or just dropped."""
    found = session.scalar(
        select(Room.appointment_id)
        .join(RoomSeat)
        .where(
            RoomSeat.session_id == session_id,
            RoomSeat.state == SeatState.ADMITTED,
            or_(RoomSeat.connection.is_not(None), RoomSeat.dropped_at > now - SEAT_KEPT),
        )
        .order_by(Room.created_at.desc(), Room.id)
        .limit(1)
    )
    return None if found is None else AppointmentId(found)
