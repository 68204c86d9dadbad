"""Find the visit that somebody acts on: one that concerns them, in the version that they have seen."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.errors import NotFound, PreconditionFailed
from clinic.ids import PatientId
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.rules.booking import Status


def concerned(session: Session, actor: Actor, permission: Permission, appointment_id: UUID) -> Appointment:
    """Return the visit; raises NotFound where it is none of the actor's concern."""
    row = session.get(Appointment, appointment_id)
    if row is None or row.patient_id is None or row.status in {Status.HELD, Status.EXPIRED}:
        raise NotFound
    facts = {"patient_id": row.patient_id, "practitioner_id": row.practitioner_id}
    if not POLICIES[permission](actor, facts):
        raise NotFound
    return row


def refuse_stale(row: Appointment, version: int | None) -> None:
    """Raise PreconditionFailed unless `version`, where it is given, is the present one."""
    if version is not None and version != row.version:
        raise PreconditionFailed("appointment_changed")


def patient_of(row: Appointment) -> PatientId:
    """Return whose visit it is."""
    assert row.patient_id is not None  # the database holds: only holds have none
    return PatientId(row.patient_id)
