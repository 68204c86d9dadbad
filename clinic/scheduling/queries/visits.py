"""A visit's bare facts, for slices above that act on it: whose, when, how, and whether it is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.zones import to_wall

_ON = frozenset({Status.BOOKED, Status.ARRIVED, Status.FULFILLED})
_NO_VISIT = frozenset({Status.HELD, Status.EXPIRED})


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit without names or reasons; `is_on` is false once it is cancelled or missed."""

    id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    modality: Modality
    is_on: bool


def visit_facts(session: Session, *, appointment_ids: Sequence[UUID]) -> dict[UUID, VisitFacts]:
    """Return the visits among `appointment_ids`, by id; holds are none."""
    rows = session.scalars(
        select(Appointment).where(
            Appointment.id.in_(appointment_ids),
            Appointment.status.not_in(_NO_VISIT),
            Appointment.patient_id.is_not(None),
        )
    )
    return {row.id: _facts(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an appointment lies in the diary, without the person."""

    appointment_id: UUID
    practitioner_id: UUID
    starts_at: datetime
    ends_at: datetime


def place_of(session: Session, *, appointment_id: UUID) -> Place | None:
    """Return where an appointment lies, or None."""
    row = session.get(Appointment, appointment_id)
    return None if row is None else Place(row.id, row.practitioner_id, row.starts_at, row.ends_at)


def lock_visit(session: Session, *, appointment_id: UUID) -> None:
    """Let one act at a time change the visit and what hangs on it, until the transaction ends."""
    session.execute(
        select(Appointment.id).where(Appointment.id == appointment_id).with_for_update(key_share=True)
    )


def _facts(row: Appointment) -> VisitFacts:
    assert row.patient_id is not None  # asked for above
    wall = to_wall(row.starts_at, row.tz)
    return VisitFacts(
        id=AppointmentId(row.id),
        patient_id=PatientId(row.patient_id),
        practitioner_id=PractitionerId(row.practitioner_id),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        local=row.wall_start,
        tz=row.tz,
        offset=wall.isoformat()[-6:],
        modality=row.modality,
        is_on=row.status in _ON,
    )
