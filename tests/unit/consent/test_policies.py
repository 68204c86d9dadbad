"""Who may see and give consents, from the actor and the URL alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Permission
from clinic.consent.policies import POLICIES
from clinic.ids import AccountId, PatientId
from clinic.privacy.policies import POLICIES as PRIVACY

OWN = PatientId(UUID(int=1))
PATIENT = Actor(AccountId(UUID(int=2)), frozenset({Role.PATIENT}), patient_id=OWN)
OFFICER = Actor(AccountId(UUID(int=3)), frozenset({Role.PRIVACY_OFFICER}))
THERAPIST = Actor(AccountId(UUID(int=4)), frozenset({Role.PRACTITIONER}))


@pytest.mark.parametrize(
    ("permission", "own", "others", "officer", "therapist"),
    [
        (Permission.CONSENT_READ, True, False, True, False),
        (Permission.CONSENT_GRANT, True, False, False, False),
        (Permission.ACCESS_LOG_READ, True, False, True, False),
        (Permission.CONSENT_REVOKE, True, True, False, False),
    ],
)
def test_patients_decide_and_officers_look(
    permission: Permission, own: bool, others: bool, officer: bool, therapist: bool
) -> None:
    allows = {**POLICIES, **PRIVACY}[permission]
    mine, anothers = {"patient_id": OWN}, {"patient_id": PatientId(UUID(int=9))}
    assert allows(PATIENT, mine) is own
    assert allows(PATIENT, anothers) is others
    assert allows(OFFICER, mine) is officer
    assert allows(THERAPIST, mine) is therapist
