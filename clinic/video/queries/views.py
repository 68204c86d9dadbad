"""A room as somebody in it sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.identity.services import names
from clinic.vault import Vault
from clinic.video.models import Room, RoomSeat
from clinic.video.rules.room import SeatRole, SeatState
from clinic.video.rules.visit import Visit

PLACE = "room_seat.place"
PHONE = "room_seat.phone"


@dataclass(frozen=True, slots=True)
class MediaState:
    """What a seat sends."""

    mic: bool
    camera: bool
    sound_only: bool


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else in the room."""

    seat: UUID
    role: SeatRole
    name: str
    state: SeatState
    here: bool
    media: MediaState | None


@dataclass(frozen=True, slots=True)
class View:
    """The room from one seat."""

    room: UUID
    seat: UUID
    epoch: int
    role: SeatRole
    polite: bool
    state: SeatState
    peers: tuple[Peer, ...]
    appointment: Visit
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Location:
    """Where a patient said they are, and how to call back."""

    epoch: int
    seat: UUID
    place: str
    phone: str
    given_at: datetime


def views(session: Session, *, vault: Vault, room: Room, visit: Visit) -> list[tuple[RoomSeat, View]]:
    """Return the room from every seat that messages reach now."""
    named = _names(session, vault, visit)
    rows = {row.id: row for row in room.seats}
    return [
        (rows[seat.id], _view(room, visit, rows, named, seat.id)) for seat in room.value.seats if seat.here
    ]


def locations(*, vault: Vault, room: Room, visit: Visit) -> list[Location]:
    """Return where the patients of a room said they are; for the practitioner of the visit only."""
    return [
        Location(
            epoch=room.epoch,
            seat=row.id,
            place=vault.fields.open(visit.patient_id, PLACE, row.place_sealed),
            phone=vault.fields.open(visit.patient_id, PHONE, row.phone_sealed),
            given_at=row.located_at,
        )
        for row in room.seats
        if row.place_sealed is not None and row.phone_sealed is not None and row.located_at is not None
    ]


def _view(
    room: Room, visit: Visit, rows: Mapping[UUID, RoomSeat], named: Mapping[SeatRole, str], seat_id: UUID
) -> View:
    row = rows[seat_id]
    peers = tuple(
        Peer(
            seat=other.id,
            role=other.role,
            name=named[other.role],
            state=other.state,
            here=other.here,
            # Who waits learns nothing of what the others send.
            media=_media(rows[other.id]) if row.state is SeatState.ADMITTED else None,
        )
        for other in room.value.others(seat_id)
    )
    return View(
        room=room.id,
        seat=row.id,
        epoch=room.epoch,
        role=row.role,
        polite=row.role.polite,
        state=row.state,
        peers=peers,
        appointment=visit,
        closes_at=visit.opening(row.role).closes_at,
    )


def _names(session: Session, vault: Vault, visit: Visit) -> Mapping[SeatRole, str]:
    patients = names.patient_names(session, vault=vault, patient_ids=[visit.patient_id])
    practitioners = names.practitioner_names(session, practitioner_ids=[visit.practitioner_id])
    return {
        SeatRole.PATIENT: patients[visit.patient_id],
        SeatRole.PRACTITIONER: practitioners[visit.practitioner_id],
    }


def _media(row: RoomSeat) -> MediaState | None:
    if row.mic is None or row.camera is None or row.sound_only is None:
        return None
    return MediaState(row.mic, row.camera, row.sound_only)
