"""The one decision whether somebody may touch a patient's content: pure, and a refusal unless all agrees.

The order is fixed: validity, role and purpose, fresh proof, the patient's own access, care relationship,
the patient's consents with the law on special compartments. Law beats the patient's deny, that beats the
patient's permit, that beats what the clinic presumes of a treating practitioner's own work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic.access.actor import Role
from clinic.access.clearance import Action, Compartment, Purpose
from clinic.consent.rules import codes
from clinic.consent.rules.directives import Directive, Finding, Findings, consult, withdrawn_from
from clinic.consent.rules.provisions import Question
from clinic.consent.rules.relations import Relation, Standing, standing
from clinic.consent.rules.roles import ONESELF, STEP_UP, reaches
from clinic.ids import AccountId, PractitionerId

LIFETIME = timedelta(seconds=60)


class Reason(StrEnum):
    """Why a request was decided as it was; stable codes that name no label and no wish of the patient."""

    UNKNOWN_CODE = "unknown_code"
    ROLE = "role_not_allowed"
    PURPOSE = "purpose_not_allowed"
    STEP_UP = "step_up_required"
    WITHHELD = "withheld"
    NO_RELATIONSHIP = "no_relationship"
    UNCONFIRMED = "relationship_unconfirmed"
    NO_CONSENT = "no_consent"
    ONESELF = "own_record"
    CONSENT = "consent"
    OWN_WORK = "own_work"


@dataclass(frozen=True, slots=True)
class Request:
    """Who wants to do what with whose content, why and when.

    `author` is who wrote the content where one object is asked for; None asks for the compartment as a whole.
    `own_record` says that the patient is the one who asks.
    """

    account_id: AccountId
    roles: frozenset[Role]
    practitioner_id: PractitionerId | None
    own_record: bool
    stepped_up: bool
    action: Action
    purpose: str
    compartment: Compartment
    at: datetime
    author: PractitionerId | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was on file about the patient when the request came."""

    relations: tuple[Relation, ...]
    directives: tuple[Directive, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer with its reason, the rules it went through, and how far and how long it reaches."""

    permitted: bool
    reason: Reason
    path: tuple[str, ...]
    not_after: datetime
    own_work_only: bool = False


def decide(request: Request, snapshot: Snapshot | None) -> Decision:
    """Decide `request` on `snapshot`; without a snapshot, or for a purpose nobody knows, the answer is no."""
    if snapshot is None or request.purpose not in codes.PURPOSES:
        return _refuse(request, Reason.UNKNOWN_CODE, "validity")
    if (objection := _role_objection(request)) is not None:
        return _refuse(request, objection, "role")
    if request.action in STEP_UP and not request.stepped_up:
        return _refuse(request, Reason.STEP_UP, "assurance")
    if request.own_record:
        return _decide_own_record(request)
    return _decide_care(request, snapshot, codes.labels_of(request.compartment))


def _refuse(request: Request, reason: Reason, *path: str) -> Decision:
    return Decision(False, reason, path, request.at)


def _permit(
    request: Request,
    reason: Reason,
    *path: str,
    ends: Iterable[datetime | None] = (),
    own_work_only: bool = False,
) -> Decision:
    limits = [end for end in ends if end is not None]
    return Decision(True, reason, path, min([request.at + LIFETIME, *limits]), own_work_only)


def _role_objection(request: Request) -> Reason | None:
    """Return what speaks against the request by the reader's role alone; nobody treats themselves."""
    reach = (ONESELF,) if request.own_record else reaches(request.roles)
    fitting = [one for one in reach if request.action in one.actions]
    if not fitting:
        return Reason.ROLE
    if not any(request.purpose in one.purposes for one in fitting):
        return Reason.PURPOSE
    return None


def _decide_own_record(request: Request) -> Decision:
    """Open a patient's own file, save the therapist's separate process notes (45 CFR 164.524(a)(1)(i))."""
    if request.compartment is Compartment.PSYCHOTHERAPY:
        return _refuse(request, Reason.WITHHELD, "own_record", "law:psychotherapy_notes")
    return _permit(request, Reason.ONESELF, "own_record")


def _decide_care(request: Request, snapshot: Snapshot, labels: frozenset[str]) -> Decision:
    practitioner = request.practitioner_id
    if practitioner is None:
        return _refuse(request, Reason.ROLE, "role")
    mine = [relation for relation in snapshot.relations if relation.practitioner_id == practitioner]
    live = [one for one in mine if standing(one, request.account_id, request.at) is Standing.OPEN]
    if live:
        question = _question(request, practitioner, labels)
        return _decide_consents(request, snapshot, live, consult(snapshot.directives, question))
    pending = any(standing(one, request.account_id, request.at) is Standing.UNCONFIRMED for one in mine)
    return _refuse(request, Reason.UNCONFIRMED if pending else Reason.NO_RELATIONSHIP, "relationship")


def _question(request: Request, practitioner: PractitionerId, labels: frozenset[str]) -> Question:
    actors = frozenset({f"Practitioner/{practitioner}"})
    return Question(request.purpose, request.action, actors, labels, request.at)


def _decide_consents(
    request: Request, snapshot: Snapshot, live: list[Relation], findings: Findings
) -> Decision:
    """Weigh the patient's consents once role and relationship stand; `live` is not empty."""
    if findings.denies:
        return _refuse(request, Reason.NO_CONSENT, "relationship", findings.denies[0].trace)
    permit = next((one for one in findings.permits if _suffices(one, request.compartment)), None)
    if permit is not None:
        ends = (_end(live), permit.until)
        return _permit(request, Reason.CONSENT, "relationship", permit.trace, ends=ends)
    treating = [relation for relation in live if relation.treats]
    if treating and _presumed(request, snapshot.directives):
        ends = (_end(treating), None)
        return _permit(
            request, Reason.OWN_WORK, "relationship", "clinic:own_work", ends=ends, own_work_only=True
        )
    return _refuse(request, Reason.NO_CONSENT, "relationship", *_law(request.compartment), "default")


def _end(relations: list[Relation]) -> datetime | None:
    """Return when the last of `relations` ends, or None where one of them is open-ended."""
    ends = [relation.period.end for relation in relations if relation.period.end is not None]
    return max(ends) if len(ends) == len(relations) else None


_NEEDS_NAMING = {Compartment.PSYCHOTHERAPY: "PSYTHPN", Compartment.SUD: "SUD"}


def _suffices(permit: Finding, compartment: Compartment) -> bool:
    """Tell whether a permit is specific enough for the compartment.

    Psychotherapy notes ask for an authorization of their own (45 CFR 164.508(a)(2)), substance use
    counselling notes for a separate consent (42 CFR 2.31): a general permit does not reach them.
    """
    code = _NEEDS_NAMING.get(compartment)
    return code is None or code in permit.verdict.labels


def _law(compartment: Compartment) -> tuple[str, ...]:
    return (f"law:{compartment}",) if compartment in _NEEDS_NAMING else ()


def _presumed(request: Request, directives: tuple[Directive, ...]) -> bool:
    """Tell whether the clinic may presume consent to a treating practitioner's own work.

    It may until the patient withdraws, and it never reaches what somebody else wrote.
    """
    practitioner = request.practitioner_id
    return (
        request.purpose == Purpose.TREATMENT
        and practitioner is not None
        and request.author in (None, practitioner)
        and not withdrawn_from(directives, practitioner)
    )
