"""The one thing about rooms that goes over HTTP: a ticket to join with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId
from clinic.video.rules.turn import IceServer, ice_server
from clinic.video.schemas.rooms import RoomPassOut
from clinic.video.services.door import Pass, open_room
from clinic.web.blueprint import Blueprint
from clinic.web.guards import requires
from clinic.web.limits import limits
from clinic.web.runtime import Runtime, actor, profile, runtime, transaction

_RATE = "30/minute"

bp = Blueprint("rooms", __name__, description="Join a visit by video.")


@bp.route("/appointments/<uuid:appointment_id>/room", methods=["POST"])
@requires(Permission.ROOM_JOIN)
@bp.response(200, RoomPassOut)
def open_door(appointment_id: UUID) -> dict[str, Any]:
    """Issue a join ticket: good once, for 60 seconds, for this account and this visit."""
    limits().hit("room_ticket", _RATE, str(actor().account_id))
    parts = runtime()
    with transaction() as session:
        granted = open_room(
            session, actor=actor(), clock=parts.clock, appointment_id=AppointmentId(appointment_id)
        )
    return {
        "room_id": granted.room_id,
        "ticket": granted.ticket,
        "expires_at": granted.expires_at,
        "topology": "p2p",
        "ice_servers": _ice_servers(parts, granted),
        "e2ee": True,  # DTLS-SRTP from browser to browser; TURN relays ciphertext
        "role": granted.role,
        "polite": granted.role.polite,
        "phone": profile().phone or None,
    }


def _ice_servers(parts: Runtime, granted: Pass) -> list[IceServer]:
    """Return the clinic's own TURN server, if it has one; never anybody else's."""
    urls = tuple(url.strip() for url in parts.settings.turn_url.split(",") if url.strip())
    if not urls:
        return []
    return [ice_server(urls, parts.settings.turn_secret, granted.room_id, parts.clock.now())]
