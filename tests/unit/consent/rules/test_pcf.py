"""The IHE PCF example consents, each asked the questions of `decisions.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from clinic.consent.rules.directives import Directive, Status, consult
from clinic.consent.rules.fhir import provision_from_fhir
from clinic.consent.rules.provisions import DataReference, Period, Question
from clinic.ids import ConsentId

VECTORS = Path(__file__).parents[3] / "vectors" / "consent"
CONSENTS = {one["id"]: one for one in json.loads((VECTORS / "consents.json").read_text())["consents"]}
ROWS = json.loads((VECTORS / "decisions.json").read_text())["rows"]


def question(request: Mapping[str, object]) -> Question:
    """Read one request row; its dates are whole days in UTC."""
    match request:
        case {"purpose": str(purpose), "actors": list(actors), "labels": list(labels), "rel": list(rel)}:
            return Question(
                purpose=purpose,
                action="read",
                actors=frozenset(actors),
                labels=frozenset(labels),
                at=datetime.fromisoformat(str(request["now"])).replace(tzinfo=UTC),
                data=frozenset(DataReference(meaning, reference) for meaning, reference in rel),
                dated=datetime.fromisoformat(str(request["date"])).replace(tzinfo=UTC),
            )
    raise AssertionError(f"unexpected row {request}")


def answer(consent: Mapping[str, object], asked: Question) -> str:
    """Return what the clinic would answer if this were the only consent."""
    provision = consent["provision"]
    assert isinstance(provision, dict)
    directive = Directive(
        id=ConsentId(UUID(int=1)),
        status=Status(str(consent["status"])),
        provision=provision_from_fhir(provision),
        period=Period(),
    )
    findings = consult([directive], asked)
    return "permit" if findings.permits and not findings.denies else "deny"


@pytest.mark.parametrize("row", ROWS, ids=[f"{at}-{row['consent']}" for at, row in enumerate(ROWS)])
def test_gives_the_answer_that_the_example_describes(row: Mapping[str, object]) -> None:
    request = row["request"]
    assert isinstance(request, dict)
    assert answer(CONSENTS[str(row["consent"])], question(request)) == row["expect"]


def test_reads_every_example() -> None:
    assert len(CONSENTS) == 23
    for consent in CONSENTS.values():
        provision_from_fhir(consent["provision"])


def test_an_expired_example_permits_no_more_after_its_last_day() -> None:
    request = dict(ROWS[0]["request"])
    consent = CONSENTS["ex-consent-expired-treat"]
    assert answer(consent, question(request | {"now": "2022-12-31"})) == "permit"
    assert answer(consent, question(request | {"now": "2023-01-01"})) == "deny"


def test_break_glass_examples_open_for_the_privileged_group() -> None:
    asked = {"purpose": "BTG", "actors": ["Group/ex-privilegedUsers"], "labels": ["R"], "rel": []}
    asked |= {"date": "2022-06-13", "now": "2022-07-01"}
    for name in ("ex-dissent-intermediate-break-glass", "ex-consent-advanced-normal-break-glass-restricted"):
        assert answer(CONSENTS[name], question(asked)) == "permit"
