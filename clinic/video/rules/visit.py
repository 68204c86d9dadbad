"""What a room needs to know of an appointment, and whose door to it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clinic.access.actor import Actor
from clinic.errors import Conflict, NotFound
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.video.rules.opening import Opening, for_patient, for_practitioner
from clinic.video.rules.room import SeatRole

BY_VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Visit:
    """An agreed visit; `is_on` is false once it is cancelled, missed or not agreed yet."""

    id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    modality: str
    is_on: bool

    def role_of(self, actor: Actor) -> SeatRole:
        """Return the actor's side of the visit; raises NotFound for everybody else."""
        if actor.practitioner_id == self.practitioner_id:
            return SeatRole.PRACTITIONER
        if actor.patient_id == self.patient_id:
            return SeatRole.PATIENT
        raise NotFound

    def opening(self, role: SeatRole) -> Opening:
        """Return when the door of that side is open."""
        if role is SeatRole.PRACTITIONER:
            return for_practitioner(self.starts_at, self.ends_at, self.tz)
        return for_patient(self.starts_at, self.ends_at)

    def check_door(self, role: SeatRole, now: datetime) -> None:
        """Raise Conflict `room_not_open` (with `opens_at`) or `room_closed` unless that side may enter."""
        opening = self.opening(role)
        if not self.is_on or self.modality != BY_VIDEO or opening.is_over(now):
            raise Conflict("room_closed")
        if opening.is_early(now):
            raise Conflict("room_not_open", opens_at=opening.opens_at.isoformat())
