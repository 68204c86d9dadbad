"""Who may do what with accounts and people."""

from __future__ import annotations

import pytest

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Permission
from clinic.identity.policies import POLICIES
from clinic.ids import AccountId, PatientId, new_id

P = Permission
OWN = {P.SESSION_OWN, P.SESSION_STEP_UP, P.PREFERENCES_OWN}
LOOK_UP = {P.PATIENT_LIST, P.PATIENT_SEARCH, P.PATIENT_READ, P.CARE_TEAM_READ}
DESK = {
    *(P.PATIENT_REGISTER, P.PATIENT_UPDATE, P.PATIENT_INVITE),
    *(P.CARE_TEAM_ASSIGN, P.CARE_TEAM_CONFIRM, P.GUARDIAN_LIST, P.GUARDIAN_VERIFY),
}
ADMIN = {P.INVITE, P.CLINIC_READ, P.CLINIC_EDIT, P.STAFF_READ, P.STAFF_EDIT}
ALLOWED = {
    Role.PATIENT: OWN
    | {P.PATIENT_READ, P.PATIENT_UPDATE, P.CARE_TEAM_READ, P.CARE_TEAM_CONFIRM}
    | {P.GUARDIAN_LIST, P.GUARDIAN_LIMIT},
    Role.GUARDIAN: OWN,
    Role.PRACTITIONER: OWN | LOOK_UP,
    Role.SUPERVISOR: OWN | LOOK_UP,
    Role.RECEPTION: OWN | LOOK_UP | DESK,
    Role.CLINIC_ADMIN: OWN | LOOK_UP | DESK | ADMIN,
    Role.PRIVACY_OFFICER: OWN | LOOK_UP,
    Role.AUDITOR: OWN,
    Role.SYSTEM_ADMINISTRATOR: OWN,
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_this_and_nothing_else(role: Role) -> None:
    patient = PatientId(new_id()) if role is Role.PATIENT else None
    actor = Actor(AccountId(new_id()), frozenset({role}), patient_id=patient)
    allowed = {permission for permission, may in POLICIES.items() if may(actor, {"patient_id": patient})}
    assert allowed == ALLOWED[role]
