"""FHIR provisions survive reading and writing, and what cannot be weighed is refused."""

from __future__ import annotations

import pytest
from hypothesis import given

from clinic.consent.rules.fhir import UnreadableProvisionError, provision_from_fhir, provision_to_fhir
from clinic.consent.rules.provisions import Provision
from tests.unit.consent.rules.strategies import provisions


@given(provisions())
def test_reads_back_what_it_wrote(provision: Provision) -> None:
    assert provision_from_fhir(provision_to_fhir(provision)) == provision


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"type": "maybe"},
        {"type": "permit", "class": [{"code": "Observation"}]},
        {"type": "permit", "code": [{"text": "anything"}]},
        {"type": "permit", "provision": [{"type": "deny", "code": []}]},
        {"type": "permit", "purpose": "TREAT"},
        {"type": "permit", "actor": [{"role": {}}]},
        {"type": "permit", "period": {"end": "2026-11-21T12:00:00"}},
        {"type": "permit", "period": {"end": "tomorrow"}},
        {"type": "permit", "period": ["2026-11-21"]},
        {"type": "permit", "period": {"end": "9999-12-31"}},
    ],
)
def test_refuses_what_it_cannot_weigh(source: dict[str, object]) -> None:
    with pytest.raises(UnreadableProvisionError):
        provision_from_fhir(source)


def test_a_date_as_an_end_includes_the_day() -> None:
    provision = provision_from_fhir(
        {"type": "permit", "period": {"start": "2026-01-01", "end": "2026-12-31"}}
    )
    assert provision.period is not None
    assert provision.period.start is not None
    assert provision.period.end is not None
    assert provision.period.start.isoformat() == "2026-01-01T00:00:00+00:00"
    assert provision.period.end.isoformat() == "2027-01-01T00:00:00+00:00"
