"""A clearance opens only what it was given for, and only while it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.ids import AccountId, DecisionId, PatientId

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PATIENT = PatientId(UUID(int=1))
AUTHOR = UUID(int=2)
GIVEN = Clearance(
    decision_id=DecisionId(UUID(int=3)),
    actor_id=AccountId(UUID(int=4)),
    patient_id=PATIENT,
    action=Action.READ,
    purpose=Purpose.TREATMENT,
    compartments=frozenset({Compartment.GENERAL}),
    epoch=7,
    not_after=NOW + timedelta(seconds=60),
)


def objection(clearance: Clearance, **changes: object) -> str | None:
    """Ask `clearance` about matching content, changed by `changes`."""
    content: dict[str, object] = {
        "patient_id": PATIENT,
        "compartment": Compartment.GENERAL,
        "author_id": AUTHOR,
        "epoch": 7,
        "now": NOW,
    }
    return clearance.objection(**(content | changes))  # type: ignore[arg-type]


def test_opens_what_it_was_given_for() -> None:
    assert objection(GIVEN) is None
    assert objection(replace(GIVEN, author_id=AUTHOR)) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"patient_id": PatientId(UUID(int=9))}, "patient"),
        ({"compartment": Compartment.PSYCHOTHERAPY}, "compartment"),
        ({"epoch": 8}, "epoch"),
        ({"epoch": 6}, "epoch"),
        ({"now": NOW + timedelta(seconds=60)}, "expired"),
    ],
)
def test_does_not_open_anything_else(changes: dict[str, object], code: str) -> None:
    assert objection(GIVEN, **changes) == code


def test_whoever_may_write_does_not_thereby_read() -> None:
    assert objection(replace(GIVEN, action=Action.WRITE)) == "action"


def test_stays_with_its_author() -> None:
    assert objection(replace(GIVEN, author_id=UUID(int=5))) == "author"
    assert objection(replace(GIVEN, author_id=AUTHOR), author_id=None) == "author"
