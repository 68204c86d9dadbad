"""What goes over the wire around rooms: the pass over HTTP, and what the server pushes."""

from __future__ import annotations

from marshmallow import fields

from clinic.video.rules.arrivals import Arrival
from clinic.video.rules.room import SeatRole, SeatState
from clinic.web.schema import Instant, WireSchema, code_field


class IceServerOut(WireSchema):
    """An RTCIceServer."""

    urls = fields.List(fields.String(), required=True)
    username = fields.String(required=True)
    credential = fields.String(required=True)


class RoomPassOut(WireSchema):
    """What lets one account join one room once."""

    room = fields.UUID(required=True, attribute="room_id")
    ticket = fields.String(required=True)
    expires_at = Instant(required=True)
    topology = fields.String(required=True)
    ice_servers = fields.List(fields.Nested(IceServerOut), required=True)
    e2ee = fields.Boolean(required=True)
    role = code_field(SeatRole, required=True)
    polite = fields.Boolean(required=True)
    phone = fields.String(required=True, allow_none=True)


class MediaStateOut(WireSchema):
    """What a seat sends."""

    mic = fields.Boolean(required=True)
    camera = fields.Boolean(required=True)
    sound_only = fields.Boolean(required=True)


class PeerOut(WireSchema):
    """Somebody else in the room."""

    seat = fields.UUID(required=True)
    role = code_field(SeatRole, required=True)
    name = fields.String(required=True)
    state = code_field(SeatState, required=True)
    here = fields.Boolean(required=True)
    media = fields.Nested(MediaStateOut, required=True, allow_none=True)


class RoomVisitOut(WireSchema):
    """The visit as the room's page shows it; neither service nor reason."""

    id = fields.UUID(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)
    modality = fields.String(required=True)


class PresenceOut(WireSchema):
    """Who is in the room, and which peer connections are current."""

    epoch = fields.Integer(required=True)
    peers = fields.List(fields.Nested(PeerOut), required=True)


class WelcomeOut(PresenceOut):
    """What who joins needs to know."""

    room = fields.UUID(required=True)
    seat = fields.UUID(required=True)
    role = code_field(SeatRole, required=True)
    polite = fields.Boolean(required=True)
    state = code_field(SeatState, required=True)
    appointment = fields.Nested(RoomVisitOut, required=True)
    closes_at = Instant(required=True)


class ArrivalOut(WireSchema):
    """A patient who has come."""

    appointment = fields.UUID(required=True)
    seat = fields.UUID(required=True, allow_none=True)
    patient_name = fields.String(required=True)
    starts_at = Instant(required=True)
    since = Instant(required=True)
    state = code_field(Arrival, required=True)


class LocationOut(WireSchema):
    """Where a patient is and how to call back."""

    epoch = fields.Integer(required=True)
    seat = fields.UUID(required=True, data_key="from")
    place = fields.String(required=True)
    phone = fields.String(required=True)
    given_at = Instant(required=True)
