"""What a patient grants is what the decision then reads, no more and no less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from clinic.access.clearance import Compartment, Purpose
from clinic.consent.rules import codes
from clinic.consent.rules.grants import (
    GRANTABLE_COMPARTMENTS,
    Grant,
    compartments_of,
    end_of_day,
    last_day,
    provision_of,
)
from clinic.consent.rules.provisions import Effect, Question, weigh
from tests.unit.consent.rules.strategies import NOW, PRACTITIONERS

PERMIT = Grant(
    Effect.PERMIT, PRACTITIONERS[0], frozenset({Purpose.TREATMENT}), frozenset({Compartment.GENERAL})
)
SETS = [
    frozenset(chosen)
    for size in range(1, len(GRANTABLE_COMPARTMENTS) + 1)
    for chosen in combinations(sorted(GRANTABLE_COMPARTMENTS), size)
]


def reached(grant: Grant) -> set[Compartment]:
    """Return the compartments whose content the grant's provision speaks of."""
    actors = frozenset({f"Practitioner/{PRACTITIONERS[0]}"})
    return {
        compartment
        for compartment in Compartment
        if weigh(provision_of(grant), Question("TREAT", "read", actors, codes.labels_of(compartment), NOW))
    }


@pytest.mark.parametrize("compartments", SETS, ids=lambda chosen: "+".join(sorted(chosen)))
def test_a_permit_reaches_exactly_what_it_names(compartments: frozenset[Compartment]) -> None:
    grant = replace(PERMIT, compartments=compartments)
    assert reached(grant) == compartments
    assert compartments_of(provision_of(grant)) == compartments
    assert not grant.objections()


def test_denying_the_general_part_denies_all_and_a_special_part_only_itself() -> None:
    deny = replace(PERMIT, effect=Effect.DENY)
    assert reached(deny) == set(Compartment)
    special = replace(deny, compartments=frozenset({Compartment.PSYCHOTHERAPY}))
    assert reached(special) == {Compartment.PSYCHOTHERAPY}


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        (replace(PERMIT, purposes=frozenset()), "purposes"),
        (replace(PERMIT, purposes=frozenset({Purpose.LEGAL})), "purposes"),
        (replace(PERMIT, compartments=frozenset()), "compartments"),
        (replace(PERMIT, compartments=frozenset({Compartment.MEDIA})), "compartments"),
        (replace(PERMIT, compartments=frozenset({Compartment.GENERAL, Compartment.SUD})), "compartments"),
    ],
)
def test_names_what_cannot_be_granted(grant: Grant, field: str) -> None:
    assert list(grant.objections()) == [field]


@pytest.mark.parametrize(
    ("day", "tz", "over"),
    [
        ("2026-10-24", "Asia/Jerusalem", "2026-10-24T21:00:00+00:00"),  # the last day of summer time
        ("2026-10-25", "Asia/Jerusalem", "2026-10-25T22:00:00+00:00"),  # has 25 hours
        ("2026-04-23", "Africa/Cairo", "2026-04-23T22:00:00+00:00"),  # the midnight after it is skipped
        ("2026-12-01", "Africa/Casablanca", "2026-12-02T00:00:00+00:00"),
    ],
)
def test_a_day_is_over_when_the_clinics_clocks_say_so(day: str, tz: str, over: str) -> None:
    end = end_of_day(date.fromisoformat(day), tz)
    assert end.isoformat() == over
    assert last_day(end, tz).isoformat() == day
