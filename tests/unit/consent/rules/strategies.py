"""Hypothesis strategies for provisions, consents and requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from clinic.access.actor import Role
from clinic.access.clearance import Action, Compartment
from clinic.consent.rules.decision import Request
from clinic.consent.rules.directives import Directive, Status
from clinic.consent.rules.provisions import DataReference, Effect, Period, Provision
from clinic.consent.rules.relations import Relation
from clinic.ids import AccountId, ConsentId, PractitionerId

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
READER = AccountId(UUID(int=10))
PRACTITIONERS = tuple(PractitionerId(UUID(int=number)) for number in (1, 2))
ACCOUNTS = (READER, AccountId(UUID(int=11)))
PURPOSES = ("TREAT", "COC", "HRESCH", "PATRQT", "BTG")
LABELS = ("N", "R", "V", "PSY", "PSYTHPN", "BH", "SUD", "ETHUD", "SDV")

moments = st.sampled_from([NOW + timedelta(seconds=seconds) for seconds in (-7200, -60, 0, 1, 30, 7200)])
periods = st.builds(Period, st.none() | moments, st.none() | moments)
stated_periods = periods.filter(lambda period: period != Period())


def _some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


def _provision(children: st.SearchStrategy[tuple[Provision, ...]]) -> st.SearchStrategy[Provision]:
    references = st.builds(DataReference, st.sampled_from(["instance", "related"]), st.just("Note/1"))
    return st.builds(
        Provision,
        effect=st.sampled_from(Effect),
        purposes=_some(PURPOSES),
        actions=_some(("read", "write", "sign")),
        actors=_some(tuple(f"Practitioner/{one}" for one in PRACTITIONERS)),
        labels=_some(LABELS),
        data=st.frozensets(references, max_size=1),
        data_period=st.none() | stated_periods,
        period=st.none() | stated_periods,
        children=children,
    )


def provisions() -> st.SearchStrategy[Provision]:
    """Provisions up to a few levels deep."""
    return st.recursive(
        _provision(st.just(())),
        lambda inner: _provision(st.lists(inner, max_size=3).map(tuple)),
        max_leaves=5,
    )


def directives() -> st.SearchStrategy[Directive]:
    """Consents of any standing."""
    return st.builds(
        Directive,
        id=st.uuids().map(ConsentId),
        status=st.sampled_from(Status),
        provision=provisions(),
        period=periods,
        grantee=st.none() | st.sampled_from(PRACTITIONERS),
    )


def relations() -> st.SearchStrategy[Relation]:
    """Care relationships of any standing."""
    return st.builds(
        Relation,
        practitioner_id=st.sampled_from(PRACTITIONERS),
        period=periods,
        vouched_by=st.none() | st.sampled_from(ACCOUNTS),
        treats=st.booleans(),
    )


def requests() -> st.SearchStrategy[Request]:
    """Requests by one reader, with known and unknown purposes."""
    return st.builds(
        Request,
        account_id=st.just(READER),
        roles=st.frozensets(st.sampled_from(Role), max_size=2) | st.just(frozenset({Role.PRACTITIONER})),
        practitioner_id=st.none() | st.just(PRACTITIONERS[0]),
        own_record=st.booleans(),
        stepped_up=st.booleans(),
        action=st.sampled_from(Action),
        purpose=st.sampled_from((*PURPOSES, "FooBar")),
        compartment=st.sampled_from(Compartment),
        at=st.just(NOW),
        author=st.none() | st.sampled_from(PRACTITIONERS),
    )
