"""Lines that are gone without a word: a seat is held only while a web process says that its socket lives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.video.models import Room, RoomSeat
from clinic.video.rules import room as rules
from clinic.video.services.changing import apply, begin, locked, seat_row

BEAT: Final = timedelta(seconds=20)
LEASE: Final = 3 * BEAT


@dataclass(frozen=True, slots=True)
class Silent:
    """A seat whose sockets nobody has spoken for since `seen_at`."""

    appointment_id: UUID
    seat_id: UUID
    connection: str | None
    seen_at: datetime | None


def renew(session: Session, *, clock: Clock, connections: Collection[str]) -> None:
    """Say that these sockets live."""
    mine = or_(RoomSeat.connection.in_(connections), RoomSeat.lobby.in_(connections))
    session.execute(update(RoomSeat).where(mine).values(seen_at=clock.now()))


def held(session: Session, *, unseen_since: datetime | None = None) -> Sequence[Silent]:
    """Return the seats with a socket, or those of them that nobody has spoken for since an instant."""
    chosen = (
        select(Room.appointment_id, RoomSeat.id, RoomSeat.connection, RoomSeat.seen_at)
        .join(RoomSeat, RoomSeat.room_id == Room.id)
        .where(or_(RoomSeat.connection.is_not(None), RoomSeat.lobby.is_not(None)))
    )
    if unseen_since is not None:
        chosen = chosen.where(or_(RoomSeat.seen_at.is_(None), RoomSeat.seen_at <= unseen_since))
    rows = session.execute(chosen.order_by(RoomSeat.room_id, RoomSeat.id))
    return [Silent(*row) for row in rows]


def forget(session: Session, *, clock: Clock, line: Silent) -> None:
    """Note that a seat's sockets are gone, unless they have spoken meanwhile; the seat is kept."""
    visit = begin(session, appointment_id=line.appointment_id)
    room = locked(session, visit=visit, clock=clock)
    row = seat_row(room, line.seat_id)
    if row.seen_at != line.seen_at:
        return
    row.lobby = None
    after = rules.drop(room.value, seat_id=row.id, connection=line.connection or "")
    apply(session, actor=SYSTEM, clock=clock, visit=visit, room=room, after=after)
