"""Public identifiers: random UUIDs, told apart by type so that they cannot be mixed up."""

from __future__ import annotations

from typing import NewType
from uuid import UUID, uuid4

AccountId = NewType("AccountId", UUID)
SessionId = NewType("SessionId", UUID)
PatientId = NewType("PatientId", UUID)
PractitionerId = NewType("PractitionerId", UUID)
SiteId = NewType("SiteId", UUID)
ServiceId = NewType("ServiceId", UUID)
AppointmentId = NewType("AppointmentId", UUID)
SeriesId = NewType("SeriesId", UUID)
ConsentId = NewType("ConsentId", UUID)
DecisionId = NewType("DecisionId", UUID)
NoteId = NewType("NoteId", UUID)
GuardianshipId = NewType("GuardianshipId", UUID)
RoomId = NewType("RoomId", UUID)


def new_id() -> UUID:
    """Return a random id; it tells neither order nor time of creation."""
    return uuid4()
