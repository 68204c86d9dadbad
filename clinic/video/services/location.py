"""Where are you now: sealed for the patient, for the therapist of this visit only, gone at the end."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.access.actor import Actor, Role
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied
from clinic.ids import AccountId, SessionId
from clinic.vault import Vault
from clinic.video.events import LocationGiven
from clinic.video.models import Room
from clinic.video.queries.views import PHONE, PLACE
from clinic.video.rules.room import SeatRole
from clinic.video.rules.visit import Visit
from clinic.video.services.changing import note, seat_row
from clinic.video.services.seats import Place, seated


def give(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    place: Place,
    epoch: int,
    where: str,
    phone: str,
) -> None:
    """Keep where the patient is and how to call back; raises Denied, Conflict `stale_epoch`."""
    visit, room = seated(session, clock=clock, place=place)
    row = seat_row(room, place.seat_id)
    if row.role is not SeatRole.PATIENT:
        raise Denied("not_permitted")
    if epoch != room.epoch:
        raise Conflict("stale_epoch")
    row.place_sealed = vault.fields.seal(visit.patient_id, PLACE, where)
    row.phone_sealed = vault.fields.seal(visit.patient_id, PHONE, phone)
    row.located_at = clock.now()
    publish(session, LocationGiven(place.room_id, place.seat_id))
    note(session, actor=actor, clock=clock, visit=visit, action="room.location.give")
    for reader in _present_therapists(room, visit):
        note(session, actor=reader, clock=clock, visit=visit, action="room.location.read")


def _present_therapists(room: Room, visit: Visit) -> list[Actor]:
    """Return who is shown a location as soon as it is given; who joins later is on record at joining."""
    return [
        Actor(
            AccountId(row.account_id),
            frozenset({Role.PRACTITIONER}),
            practitioner_id=visit.practitioner_id,
            session_id=None if row.session_id is None else SessionId(row.session_id),
        )
        for row in room.seats
        if row.role is SeatRole.PRACTITIONER and row.value.here
    ]
