"""Who may use rooms at all, role by role."""

from __future__ import annotations

import pytest

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Permission
from clinic.ids import AccountId, PatientId, PractitionerId, new_id
from clinic.video.policies import POLICIES

PATIENT = Actor(AccountId(new_id()), frozenset({Role.PATIENT}), patient_id=PatientId(new_id()))
THERAPIST = Actor(
    AccountId(new_id()), frozenset({Role.PRACTITIONER}), practitioner_id=PractitionerId(new_id())
)
DESK = Actor(AccountId(new_id()), frozenset({Role.RECEPTION}))
EVERYBODY = {"patient": PATIENT, "therapist": THERAPIST, "desk": DESK}


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (Permission.ROOM_JOIN, {"patient", "therapist"}),
        (Permission.ROOM_SIGNAL, {"patient", "therapist"}),
        (Permission.ROOM_ADMIT, {"therapist"}),
        (Permission.ROOM_WATCH, {"therapist"}),
        (Permission.DEVICE_TEST, {"patient", "therapist", "desk"}),
    ],
)
def test_who_may(permission: Permission, allowed: set[str]) -> None:
    assert {name for name, actor in EVERYBODY.items() if POLICIES[permission](actor, {})} == allowed
