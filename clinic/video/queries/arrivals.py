"""Who has come, for the therapist's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.identity.services import names
from clinic.ids import AppointmentId, PractitionerId
from clinic.scheduling.queries.visits import VisitFacts, visit_facts
from clinic.vault import Vault
from clinic.video.models import Room, RoomSeat
from clinic.video.rules.arrivals import Arrival, arrival
from clinic.video.rules.opening import for_patient
from clinic.video.rules.room import SeatRole

_LOOK_BACK: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ArrivalItem:
    """A patient who has come; `seat` is None before they have pressed Join."""

    appointment: AppointmentId
    seat: UUID | None
    patient_name: str
    starts_at: datetime
    since: datetime
    state: Arrival


def arrivals_of(
    session: Session, *, vault: Vault, practitioner_id: PractitionerId, now: datetime
) -> list[ArrivalItem]:
    """Return who has come to the practitioner's visits whose patients' door is open, by time of the visit."""
    came = _came(session, now)
    visits = [
        facts
        for facts in visit_facts(session, appointment_ids=list(came)).values()
        if facts.practitioner_id == practitioner_id and _open(facts, now)
    ]
    named = names.patient_names(session, vault=vault, patient_ids=[visit.patient_id for visit in visits])
    return [
        ArrivalItem(
            appointment=visit.id,
            seat=None if state is Arrival.ARRIVED else seat.id,
            patient_name=named[visit.patient_id],
            starts_at=visit.starts_at,
            since=seat.arrived_at or seat.created_at,
            state=state,
        )
        for visit in sorted(visits, key=lambda visit: (visit.starts_at, visit.id))
        for seat in [came[visit.id]]
        if (state := arrival(seat.value, on_page=seat.lobby is not None)) is not None
    ]


def _came(session: Session, now: datetime) -> dict[UUID, RoomSeat]:
    rows = session.execute(
        select(Room.appointment_id, RoomSeat)
        .join(RoomSeat, RoomSeat.room_id == Room.id)
        .where(RoomSeat.role == SeatRole.PATIENT, RoomSeat.arrived_at >= now - _LOOK_BACK)
        .order_by(RoomSeat.arrived_at, RoomSeat.id)
    )
    return {appointment_id: seat for appointment_id, seat in rows}


def _open(facts: VisitFacts, now: datetime) -> bool:
    return facts.is_on and not for_patient(facts.starts_at, facts.ends_at).is_over(now)
