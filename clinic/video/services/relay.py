"""Carrying one side's words to the other: nothing is written, nothing is kept, nothing is queued."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.video.queries.rooms import get_room
from clinic.video.rules import room as rules
from clinic.video.services.seats import Place, check_seat


def recipient(session: Session, *, place: Place, epoch: int) -> str:
    """Return the socket of the other side.

    Raises Conflict `not_joined`, `stale_epoch` or `no_peer`, and Denied `not_admitted`.
    """
    room = get_room(session, room_id=place.room_id).value
    check_seat(room, place)
    return str(rules.peer_of(room, seat_id=place.seat_id, epoch=epoch).connection)
