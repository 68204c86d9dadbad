"""Who may do what in the diary, from values alone."""

from __future__ import annotations

import pytest

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Facts, Permission
from clinic.ids import AccountId, PatientId, PractitionerId, new_id
from clinic.scheduling.policies import POLICIES, arranges

PATIENT, PRACTITIONER = PatientId(new_id()), PractitionerId(new_id())
PEOPLE = {
    "patient": Actor(AccountId(new_id()), frozenset({Role.PATIENT}), patient_id=PATIENT),
    "therapist": Actor(AccountId(new_id()), frozenset({Role.PRACTITIONER}), practitioner_id=PRACTITIONER),
    "reception": Actor(AccountId(new_id()), frozenset({Role.RECEPTION})),
    "manager": Actor(AccountId(new_id()), frozenset({Role.CLINIC_ADMIN})),
    "auditor": Actor(AccountId(new_id()), frozenset({Role.AUDITOR})),
    "sysadmin": Actor(AccountId(new_id()), frozenset({Role.SYSTEM_ADMINISTRATOR})),
}
OWN: Facts = {"patient_id": PATIENT, "practitioner_id": PRACTITIONER}
OTHERS: Facts = {"patient_id": PatientId(new_id()), "practitioner_id": PractitionerId(new_id())}
DESK = {"reception", "manager"}
VISITS = (
    Permission.APPOINTMENT_BOOK,
    Permission.APPOINTMENT_LIST,
    Permission.APPOINTMENT_READ,
    Permission.APPOINTMENT_CANCEL,
    Permission.APPOINTMENT_MOVE,
    Permission.APPOINTMENT_ATTEND,
)


def allowed(permission: Permission, facts: Facts) -> set[str]:
    return {name for name, actor in PEOPLE.items() if POLICIES[permission](actor, facts)}


@pytest.mark.parametrize("permission", VISITS)
def test_a_visit_concerns_its_two_people_and_the_desk(permission: Permission) -> None:
    assert allowed(permission, OWN) == DESK | {"patient", "therapist"}
    assert allowed(permission, OTHERS) == DESK
    assert allowed(permission, {}) == DESK | {"patient", "therapist"}


def test_staff_arrange_what_is_not_their_own() -> None:
    own = Actor(AccountId(new_id()), frozenset({Role.PATIENT, Role.RECEPTION}), patient_id=PATIENT)
    assert [arranges(own, facts) for facts in (OWN, OTHERS, {})] == [False, True, True]
    assert [arranges(PEOPLE[name], OWN) for name in ("patient", "reception")] == [False, True]


def test_the_calendar_is_for_those_who_treat_and_the_desk() -> None:
    assert allowed(Permission.CALENDAR_READ, {}) == DESK | {"therapist"}
    assert allowed(Permission.CALENDAR_READ, OTHERS) == DESK


def test_everybody_at_work_sees_hours_and_practitioners_set_their_own() -> None:
    assert allowed(Permission.AVAILABILITY_READ, OTHERS) == DESK | {"therapist"}
    assert allowed(Permission.AVAILABILITY_EDIT, OWN) == DESK | {"therapist"}
    assert allowed(Permission.AVAILABILITY_EDIT, OTHERS) == DESK
    assert allowed(Permission.AVAILABILITY_EDIT, {}) == DESK


def test_on_call_the_desk_edits_all_at_work_read_and_those_who_were_asked_answer() -> None:
    assert allowed(Permission.ON_CALL_EDIT, {}) == DESK
    for permission in (Permission.ON_CALL_READ, Permission.URGENT_REQUEST_RAISE):
        assert allowed(permission, {}) == DESK | {"therapist"}
    assert allowed(Permission.URGENT_REQUEST_ANSWER, {}) == DESK | {"therapist"}
    assert allowed(Permission.URGENT_REQUEST_ANSWER, {"asked": frozenset({PRACTITIONER})}) == DESK | {
        "therapist"
    }
    assert allowed(Permission.URGENT_REQUEST_ANSWER, {"asked": frozenset({new_id()})}) == DESK
