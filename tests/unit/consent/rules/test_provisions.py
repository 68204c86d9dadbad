"""How one consent is weighed: inheritance, depth, labels, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clinic.access.clearance import Compartment, Purpose
from clinic.consent.rules import codes
from clinic.consent.rules.provisions import DataReference, Effect, Period, Provision, Question, weigh

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PERMIT, DENY = Effect.PERMIT, Effect.DENY
ASKED = Question("TREAT", "read", frozenset({"Practitioner/a"}), frozenset({"N"}), NOW)


def effect(provision: Provision, question: Question = ASKED) -> Effect | None:
    """Return the effect alone."""
    verdict = weigh(provision, question)
    return verdict.effect if verdict else None


def test_is_silent_where_nothing_matches() -> None:
    assert effect(Provision(PERMIT, purposes=frozenset({"HRESCH"}))) is None
    assert effect(Provision(PERMIT, actions=frozenset({"write"}))) is None
    assert effect(Provision(PERMIT, actors=frozenset({"Practitioner/b"}))) is None


def test_a_child_replaces_what_it_states_and_inherits_the_rest() -> None:
    child = Provision(PERMIT, labels=frozenset({"R"}))
    root = Provision(PERMIT, purposes=frozenset({"TREAT"}), labels=frozenset({"N"}), children=(child,))
    restricted = replace(ASKED, labels=frozenset({"R"}))
    assert effect(root, restricted) is PERMIT
    assert effect(root, replace(restricted, purpose="HRESCH")) is None


def test_deeper_beats_shallower_and_names_its_path() -> None:
    grandchild = Provision(PERMIT, actors=frozenset({"Practitioner/a"}))
    root = Provision(PERMIT, children=(Provision(DENY, children=(grandchild,)),))
    verdict = weigh(root, ASKED)
    assert verdict is not None
    assert (verdict.effect, verdict.path) == (PERMIT, (0, 0, 0))
    assert effect(root, replace(ASKED, actors=frozenset({"Practitioner/b"}))) is DENY


@pytest.mark.parametrize("siblings", [(PERMIT, DENY), (DENY, PERMIT)])
def test_a_deny_wins_among_siblings(siblings: tuple[Effect, Effect]) -> None:
    assert effect(Provision(PERMIT, children=tuple(Provision(one) for one in siblings))) is DENY


@pytest.mark.parametrize(
    ("stated", "content", "expected"),
    [
        (set(), {"R", "PSY"}, PERMIT),
        ({"N"}, {"N"}, PERMIT),
        ({"N"}, {"R"}, None),
        ({"N"}, set(), None),
        ({"V"}, set(), PERMIT),
        ({"R"}, {"R", "SDV"}, PERMIT),
        ({"R", "PSY"}, {"R", "SDV"}, None),
        ({"PSY"}, {"R", "PSY"}, PERMIT),
        ({"PSY"}, {"R", "PSY", "SDV"}, None),
        ({"PSY"}, {"R"}, None),
        ({"PSY"}, {"R", "PSYTHPN"}, None),
        ({"PSY"}, {"R", "NEWCODE"}, None),
    ],
)
def test_a_permit_covers_all_codes_and_never_expands(
    stated: set[str], content: set[str], expected: Effect | None
) -> None:
    provision = Provision(PERMIT, labels=frozenset(stated))
    assert effect(provision, replace(ASKED, labels=frozenset(content))) is expected


@pytest.mark.parametrize(
    ("stated", "content", "bites"),
    [
        ({"R"}, {"N"}, False),
        ({"R"}, {"V"}, True),
        ({"PSY"}, {"N", "PSYTHPN"}, True),
        ({"BH"}, {"N", "OPIOIDUD"}, True),
        ({"PSYTHPN"}, {"N", "PSY"}, False),
        ({"SDV", "PSY"}, {"N", "SDV"}, True),
        ({"R"}, set(), True),
    ],
)
def test_a_deny_bites_on_any_code_below_it(stated: set[str], content: set[str], bites: bool) -> None:
    provision = Provision(DENY, labels=frozenset(stated))
    assert (effect(provision, replace(ASKED, labels=frozenset(content))) is DENY) is bites


def test_an_undated_object_falls_under_a_dated_deny_and_under_no_dated_permit() -> None:
    period = Period(NOW - timedelta(days=2), NOW)
    assert effect(Provision(DENY, data_period=period)) is DENY
    assert effect(Provision(PERMIT, data_period=period)) is None
    dated = replace(ASKED, dated=NOW - timedelta(days=1))
    assert effect(Provision(PERMIT, data_period=period), dated) is PERMIT
    assert effect(Provision(DENY, data_period=period), replace(ASKED, dated=NOW)) is None


def test_speaks_of_the_data_it_names() -> None:
    reference = DataReference("instance", "Note/1")
    provision = Provision(DENY, data=frozenset({reference}))
    assert effect(provision) is None
    assert effect(provision, replace(ASKED, data=frozenset({reference}))) is DENY


def test_an_end_is_outside_its_period_and_is_told() -> None:
    provision = Provision(PERMIT, period=Period(end=NOW))
    assert effect(provision) is None
    verdict = weigh(provision, replace(ASKED, at=NOW - timedelta(seconds=1)))
    assert verdict is not None
    assert verdict.until == NOW


def test_every_purpose_and_compartment_has_its_codes() -> None:
    assert {purpose.value for purpose in Purpose} <= codes.PURPOSES
    for compartment in Compartment:
        assert codes.labels_of(compartment)
