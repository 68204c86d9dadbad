"""Kept times, for the person who keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.errors import NotFound
from clinic.ids import AppointmentId, PractitionerId, ServiceId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import practitioners
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.zones import offset_of, to_wall


@dataclass(frozen=True, slots=True)
class Held:
    """A slot, the id of its hold, and until when it is kept."""

    id: AppointmentId
    practitioner: PractitionerId
    practitioner_name: str
    service: ServiceId
    modality: Modality
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    expires_at: datetime


def kept(session: Session, *, actor: Actor, hold_id: AppointmentId) -> Held:
    """Return the actor's own hold; raises NotFound when it has become a visit or is somebody else's."""
    row = session.get(Appointment, hold_id)
    if row is None or row.created_by != actor.account_id or row.hold_expires_at is None:
        raise NotFound
    return Held(
        id=row.id,
        practitioner=row.practitioner_id,
        practitioner_name=practitioners.names(session, [row.practitioner_id])[row.practitioner_id],
        service=row.service_id,
        modality=row.modality,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        local=row.wall_start,
        tz=row.tz,
        offset=offset_of(to_wall(row.starts_at, row.tz)),
        expires_at=row.hold_expires_at,
    )
