"""What is told together in the access log, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from clinic.privacy.rules.log import LogLine, main_role, reason_code, told_together

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINE = LogLine(
    id=UUID(int=1),
    at=NOW,
    actor_id=UUID(int=2),
    actor_role="practitioner",
    action="note.write",
    object_type="note",
    object_id=UUID(int=3),
    purpose="TREAT",
    outcome="allowed",
    reason_code="consent",
)


def earlier(minutes: int, **changes: object) -> LogLine:
    """Return the same act some minutes before."""
    return replace(LINE, at=NOW - timedelta(minutes=minutes), **changes)  # type: ignore[arg-type]


def test_counts_repetitions_on_the_newest_line() -> None:
    assert told_together([LINE, earlier(1), earlier(2)]) == [replace(LINE, times=3)]


def test_compartments_that_opened_together_are_one_act() -> None:
    first, second = UUID(int=7), UUID(int=8)
    special = replace(LINE, decision_id=second, reason_code="own_work")
    lines = [
        special,
        replace(LINE, decision_id=second),
        earlier(1, decision_id=first),
        earlier(1, decision_id=first),
    ]
    assert [line.times for line in told_together(lines)] == [1, 1]
    same = [replace(line, reason_code="consent") for line in lines]
    assert [line.times for line in told_together(same)] == [2]


@pytest.mark.parametrize(
    "other",
    [
        earlier(61),
        earlier(1, actor_id=UUID(int=9)),
        earlier(1, action="note.read"),
        earlier(1, object_id=UUID(int=9)),
        earlier(1, purpose="COC"),
        earlier(1, reason_code="own_work"),
        earlier(1, outcome="refused"),
    ],
)
def test_tells_apart_what_differs(other: LogLine) -> None:
    assert told_together([LINE, other]) == [LINE, other]


def test_every_refusal_is_a_line_of_its_own() -> None:
    refused = replace(LINE, outcome="refused")
    assert len(told_together([refused, refused])) == 2


def test_shows_the_reason_and_keeps_the_rule_path() -> None:
    assert reason_code("no_consent,relationship,law:psychotherapy,default") == "no_consent"
    assert reason_code(None) is None


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        ("practitioner", "practitioner"),
        ("practitioner,supervisor", "practitioner"),
        ("clinic_admin,patient", "clinic_admin"),
        ("patient", "patient"),
        ("system", "system"),
    ],
)
def test_shows_the_role_that_says_most(roles: str, shown: str) -> None:
    assert main_role(roles) == shown
