"""The decision, case by case and by its laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.access.actor import Role
from clinic.access.clearance import Action, Compartment
from clinic.consent.rules.decision import LIFETIME, Decision, Reason, Request, Snapshot, decide
from clinic.consent.rules.directives import Directive, Status
from clinic.consent.rules.provisions import Effect, Period, Provision
from clinic.consent.rules.relations import Relation
from clinic.consent.rules.roles import may_know_of_patients
from clinic.ids import ConsentId
from tests.unit.consent.rules.strategies import (
    ACCOUNTS,
    NOW,
    PRACTITIONERS,
    READER,
    directives,
    relations,
    requests,
)

ME, OTHER = PRACTITIONERS
ASKED = Request(
    account_id=READER,
    roles=frozenset({Role.PRACTITIONER}),
    practitioner_id=ME,
    own_record=False,
    stepped_up=False,
    action=Action.READ,
    purpose="TREAT",
    compartment=Compartment.GENERAL,
    at=NOW,
    author=OTHER,
)
RELATED = Relation(ME, Period(NOW - timedelta(days=1)), vouched_by=ACCOUNTS[1], treats=True)


def consent(
    effect: Effect = Effect.PERMIT,
    number: int = 1,
    labels: frozenset[str] = frozenset({"N"}),
    purposes: frozenset[str] = frozenset({"TREAT"}),
) -> Directive:
    """Make a consent about me, for general content and treatment if nothing else is stated."""
    actors = frozenset({f"Practitioner/{ME}"})
    provision = Provision(effect, actors=actors, labels=labels, purposes=purposes)
    return Directive(ConsentId(UUID(int=number)), Status.ACTIVE, provision, Period(), grantee=ME)


def ask(*on_file: Directive, related: tuple[Relation, ...] = (RELATED,), **changes: object) -> Decision:
    """Decide ASKED with `changes` on the given file."""
    return decide(replace(ASKED, **changes), Snapshot(related, on_file))  # type: ignore[arg-type]


def test_permits_by_a_consent_and_says_by_which_provision() -> None:
    decision = ask(consent())
    assert decision.permitted
    assert decision.reason is Reason.CONSENT
    assert decision.path == ("relationship", f"consent:{UUID(int=1)}:permit:0")
    assert not decision.own_work_only
    assert decision.not_after == NOW + LIFETIME


def test_refuses_without_a_snapshot_or_for_an_unknown_purpose() -> None:
    assert decide(ASKED, None).reason is Reason.UNKNOWN_CODE
    assert ask(consent(purposes=frozenset()), purpose="FooBar").reason is Reason.UNKNOWN_CODE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"roles": frozenset({Role.RECEPTION})}, Reason.ROLE),
        ({"roles": frozenset({Role.SYSTEM_ADMINISTRATOR, Role.CLINIC_ADMIN})}, Reason.ROLE),
        ({"roles": frozenset({Role.SUPERVISOR}), "action": Action.WRITE}, Reason.ROLE),
        ({"action": Action.EXPORT}, Reason.ROLE),
        ({"purpose": "HRESCH"}, Reason.PURPOSE),
        ({"purpose": "PATRQT"}, Reason.PURPOSE),
        ({"practitioner_id": None}, Reason.ROLE),
        ({"action": Action.SIGN}, Reason.STEP_UP),
        ({"own_record": True}, Reason.PURPOSE),
        ({"own_record": True, "action": Action.WRITE}, Reason.ROLE),
    ],
)
def test_no_consent_widens_what_a_role_may_do(changes: dict[str, object], reason: Reason) -> None:
    decision = ask(consent(purposes=frozenset()), **changes)  # type: ignore[arg-type]
    assert (decision.permitted, decision.reason, decision.not_after) == (False, reason, NOW)


def test_signs_after_a_fresh_proof() -> None:
    assert ask(consent(), action=Action.SIGN, stepped_up=True).permitted


def test_opens_the_own_file_save_the_process_notes() -> None:
    own = replace(ASKED, own_record=True, purpose="PATRQT", roles=frozenset({Role.PATIENT}))
    assert decide(own, Snapshot((), ())).reason is Reason.ONESELF
    withheld = decide(replace(own, compartment=Compartment.PSYCHOTHERAPY), Snapshot((), ()))
    assert (withheld.permitted, withheld.reason) == (False, Reason.WITHHELD)


def test_refuses_without_a_live_relationship() -> None:
    assert ask(consent(), related=()).reason is Reason.NO_RELATIONSHIP
    ended = replace(RELATED, period=Period(end=NOW))
    assert ask(consent(), related=(ended,)).reason is Reason.NO_RELATIONSHIP
    anothers = replace(RELATED, practitioner_id=OTHER)
    assert ask(consent(), related=(anothers,)).reason is Reason.NO_RELATIONSHIP


def test_the_readers_own_act_opens_nothing_until_it_is_confirmed() -> None:
    for nobody_else in (None, READER):
        own_act = replace(RELATED, vouched_by=nobody_else)
        assert ask(consent(), related=(own_act,)).reason is Reason.UNCONFIRMED
        assert ask(consent(), related=(own_act, RELATED)).permitted


def test_a_deny_beats_every_permit() -> None:
    decision = ask(consent(number=2), consent(Effect.DENY, number=3), consent(number=4))
    assert (decision.permitted, decision.reason) == (False, Reason.NO_CONSENT)
    assert decision.path[-1] == f"consent:{UUID(int=3)}:deny:0"


def test_presumes_a_treating_practitioners_own_work_and_nothing_else() -> None:
    own = ask(author=ME)
    assert (own.permitted, own.reason, own.own_work_only) == (True, Reason.OWN_WORK, True)
    assert ask(author=None).own_work_only
    assert ask(author=OTHER).reason is Reason.NO_CONSENT
    assert not ask(author=ME, purpose="COC").permitted
    assert not ask(author=ME, related=(replace(RELATED, treats=False),)).permitted


def test_a_withdrawal_ends_what_was_presumed() -> None:
    withdrawn = replace(consent(), status=Status.INACTIVE)
    assert not ask(withdrawn, author=ME).permitted
    assert ask(withdrawn, consent(number=2), author=ME).reason is Reason.CONSENT
    lifted_deny = replace(consent(Effect.DENY), status=Status.INACTIVE)
    assert ask(lifted_deny, author=ME).permitted
    mistake = replace(consent(), status=Status.ENTERED_IN_ERROR)
    assert ask(mistake, author=ME).permitted


@pytest.mark.parametrize(
    ("compartment", "code"), [(Compartment.PSYCHOTHERAPY, "PSYTHPN"), (Compartment.SUD, "SUD")]
)
def test_special_notes_open_to_their_originator_or_by_a_permit_that_names_them(
    compartment: Compartment, code: str
) -> None:
    assert ask(compartment=compartment, author=ME).own_work_only
    broad = (consent(labels=frozenset()), consent(number=2, labels=frozenset({"V"})))
    refused = ask(*broad, compartment=compartment)
    assert (refused.permitted, refused.path[1]) == (False, f"law:{compartment}")
    assert ask(consent(labels=frozenset({code})), compartment=compartment).reason is Reason.CONSENT


def test_a_refusal_names_no_label() -> None:
    plain = ask()
    hidden = ask(compartment=Compartment.PSYCHOTHERAPY)
    denied = ask(consent(Effect.DENY))
    assert plain.reason is hidden.reason is denied.reason


def test_ends_with_the_consent_or_the_relationship_if_that_is_sooner() -> None:
    soon, sooner = NOW + timedelta(seconds=9), NOW + timedelta(seconds=5)
    assert ask(replace(consent(), period=Period(end=soon))).not_after == soon
    ending = replace(RELATED, period=Period(end=sooner))
    assert ask(replace(consent(), period=Period(end=soon)), related=(ending,)).not_after == sooner
    assert ask(author=ME, related=(ending,)).not_after == sooner
    assert ask(author=ME, related=(ending, RELATED)).not_after == NOW + LIFETIME


@pytest.mark.parametrize("role", Role)
def test_only_those_who_look_patients_up_learn_why(role: Role) -> None:
    ignorant = {Role.PATIENT, Role.GUARDIAN, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR}
    assert may_know_of_patients(frozenset({role})) is (role not in ignorant)


snapshots = st.builds(
    Snapshot, st.lists(relations(), max_size=3).map(tuple), st.lists(directives(), max_size=4).map(tuple)
)


@given(requests(), snapshots, directives())
def test_adding_a_deny_never_permits(request: Request, snapshot: Snapshot, extra: Directive) -> None:
    deny = replace(extra, provision=replace(extra.provision, effect=Effect.DENY, children=()))
    more = replace(snapshot, directives=(*snapshot.directives, deny))
    assert decide(request, snapshot).permitted or not decide(request, more).permitted


@given(requests(), snapshots, directives())
def test_removing_a_permit_never_permits(request: Request, snapshot: Snapshot, extra: Directive) -> None:
    permit = replace(
        extra,
        status=Status.ACTIVE,
        provision=replace(extra.provision, effect=Effect.PERMIT, children=()),
    )
    more = replace(snapshot, directives=(*snapshot.directives, permit))
    assert decide(request, more).permitted or not decide(request, snapshot).permitted


@given(requests(), snapshots, directives())
def test_expired_is_absent(request: Request, snapshot: Snapshot, extra: Directive) -> None:
    expired = replace(extra, status=Status.ACTIVE, period=Period(end=NOW))
    more = replace(snapshot, directives=(*snapshot.directives, expired))
    assert decide(request, more) == decide(request, snapshot)


@given(requests(), snapshots, st.randoms(use_true_random=False))
def test_order_is_irrelevant(request: Request, snapshot: Snapshot, random: object) -> None:
    turned = Snapshot(snapshot.relations[::-1], snapshot.directives[::-1])
    assert decide(request, turned) == decide(request, snapshot)


@given(requests(), snapshots)
def test_an_unknown_purpose_never_permits(request: Request, snapshot: Snapshot) -> None:
    assert not decide(replace(request, purpose="FooBar"), snapshot).permitted


@given(requests(), snapshots)
def test_no_answer_outlives_its_minute(request: Request, snapshot: Snapshot) -> None:
    decision = decide(request, snapshot)
    assert decision.not_after <= NOW + LIFETIME
    assert decision.path
    if decision.permitted:
        assert decision.not_after > NOW


@given(requests(), snapshots)
def test_no_permit_without_a_role_and_a_relationship_or_oneself(request: Request, snapshot: Snapshot) -> None:
    bare = Snapshot((), snapshot.directives)
    assert not decide(request, bare).permitted or decide(request, bare).reason is Reason.ONESELF
    nobody = replace(request, own_record=False, roles=frozenset({Role.RECEPTION}))
    assert not decide(nobody, snapshot).permitted
