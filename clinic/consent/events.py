"""What has happened to consents; others close what a revoked one had opened."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.ids import ConsentId, PatientId, PractitionerId


@dataclass(frozen=True, slots=True)
class ConsentGranted:
    """A patient has said yes or no to a practitioner; all clearances given before are void."""

    consent_id: ConsentId
    patient_id: PatientId
    practitioner_id: PractitionerId


@dataclass(frozen=True, slots=True)
class ConsentRevoked:
    """A patient has taken back what they said; all clearances given before are void."""

    consent_id: ConsentId
    patient_id: PatientId
    practitioner_id: PractitionerId
