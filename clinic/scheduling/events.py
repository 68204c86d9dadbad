"""What has happened in the diary; ids only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic.ids import AppointmentId, PatientId, PractitionerId


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """A visit is agreed."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """A visit will not take place; its time is free again."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """A visit has another time or practitioner; `version` counts its moves."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId
    version: int


@dataclass(frozen=True, slots=True)
class PatientCheckedIn:
    """A patient has arrived for a visit, at the desk or in the waiting room."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class PatientMissed:
    """Staff have noted that a patient did not come."""

    appointment_id: AppointmentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class TimeOffered:
    """A free time is kept for somebody who waits, until they answer or it lapses."""

    offer_id: UUID
    patient_id: PatientId
