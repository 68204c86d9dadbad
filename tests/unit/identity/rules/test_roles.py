"""Which changes of roles may be made, and by whom."""

from __future__ import annotations

import pytest

from clinic.access.actor import Role
from clinic.identity.rules.roles import change_to, refusal

ADMIN, DESK, THERAPIST, PATIENT = Role.CLINIC_ADMIN, Role.RECEPTION, Role.PRACTITIONER, Role.PATIENT


def test_a_patient_who_works_here_stays_a_patient() -> None:
    change = change_to(frozenset({PATIENT, DESK}), frozenset({THERAPIST}))
    assert change.after == {PATIENT, THERAPIST}
    assert change.added == {THERAPIST}
    assert change.removed == {DESK}
    assert change.in_words == "add.practitioner,end.reception"


def test_roles_of_patients_are_not_given_this_way() -> None:
    assert change_to(frozenset({DESK}), frozenset({DESK, PATIENT})).after == {DESK}


@pytest.mark.parametrize(
    ("before", "after", "tells"),
    [
        ({DESK}, {DESK, THERAPIST}, True),
        ({DESK}, {ADMIN}, True),
        ({ADMIN}, {DESK}, False),
        ({DESK}, {DESK}, False),
    ],
)
def test_others_hear_of_roles_that_read_or_decide(before: set[Role], after: set[Role], tells: bool) -> None:
    assert change_to(frozenset(before), frozenset(after)).tells is tells


@pytest.mark.parametrize(
    ("before", "after", "own", "last", "code"),
    [
        ({ADMIN}, {ADMIN, THERAPIST}, True, False, "own_roles"),
        ({ADMIN}, {ADMIN, THERAPIST}, False, False, None),
        ({ADMIN, DESK}, {ADMIN}, True, True, None),
        ({ADMIN, DESK}, {DESK}, True, True, "last_admin"),
        ({ADMIN, DESK}, {DESK}, False, True, "last_admin"),
        ({ADMIN, DESK}, {DESK}, True, False, None),
        ({DESK}, {THERAPIST}, False, True, None),
    ],
)
def test_nobody_raises_themself_and_the_last_administrator_stays(
    before: set[Role], after: set[Role], own: bool, last: bool, code: str | None
) -> None:
    change = change_to(frozenset(before), frozenset(after))
    assert refusal(change, own=own, last_admin=last) == code
