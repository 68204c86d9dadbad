"""`clear`: the single gate to a patient's content; nothing else constructs a `Clearance`.

Each decision leaves an audit entry, and a refusal outlives the act that it ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.audit.models import AuditEntry
from clinic.clock import Clock
from clinic.consent import queries
from clinic.consent.rules.decision import Decision, Reason, Request, decide
from clinic.consent.rules.roles import may_know_of_patients
from clinic.errors import ClinicError, Denied, NotFound, Refused
from clinic.identity.services import names
from clinic.ids import DecisionId, PatientId, PractitionerId, new_id
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clearance is asked for, in the access log's words; `author` where it is one known object.

    `verb` stands in the log where the action alone does not tell: a list of notes is not yet their texts.
    """

    type: str = "file"
    id: UUID | None = None
    author: PractitionerId | None = None
    verb: str | None = None


FILE = Subject()


def clear(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    patient_id: PatientId,
    action: Action,
    purpose: Purpose,
    compartment: Compartment = Compartment.GENERAL,
    subject: Subject = FILE,
) -> Clearance:
    """Decide and return the clearance, on record either way.

    Raises Refused, with NotFound for an absent patient, Denied `consent_denied` and its reasons for those
    who may look patients up, with NotFound for everybody else.
    """
    gate = _Gate(session, actor, clock, vault, patient_id, action, purpose)
    return gate.clearance(compartment, subject)


def clear_each(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    patient_id: PatientId,
    action: Action,
    purpose: Purpose,
    subject: Subject = FILE,
) -> Sequence[Clearance]:
    """Return clearances for every compartment that opens, the general one first; raises as `clear` does.

    What stays closed besides is passed over in silence: not even that it exists is told.
    """
    gate = _Gate(session, actor, clock, vault, patient_id, action, purpose)
    general = gate.clearance(Compartment.GENERAL, subject)
    special = [one for one in Compartment if one is not Compartment.GENERAL]
    return [general, *(found for one in special if (found := gate.silent_clearance(one, subject)))]


def refuse_absent(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    action: Action,
    purpose: Purpose,
    subject: Subject,
) -> NoReturn:
    """Refuse what does not exist with the work and trace of any refusal, so that time tells nothing."""
    gate = _Gate(session, actor, clock, vault, PatientId(new_id()), action, purpose)
    gate.clearance(Compartment.GENERAL, subject)
    raise NotFound()  # not reached: nobody's file opens to nobody


class _Gate:
    """One actor before one patient's file at one moment; the epoch is read before what it dates.

    Compartments that open together share the id of one decision and have an entry each. An absent patient's
    is decided on and refused like any other, and its entry is in nobody's log.
    """

    def __init__(
        self,
        session: Session,
        actor: Actor,
        clock: Clock,
        vault: Vault,
        patient_id: PatientId,
        action: Action,
        purpose: Purpose,
    ) -> None:
        self._session, self._actor, self._clock = session, actor, clock
        self._patient_id, self._action, self._purpose = patient_id, action, purpose
        self._at, self._decision_id = clock.now(), DecisionId(new_id())
        self._present = names.patient_exists(session, patient_id=patient_id)
        self._epoch = vault.epoch(session, patient_id)
        self._snapshot = queries.snapshot(session, vault=vault, patient_id=patient_id)

    def clearance(self, compartment: Compartment, subject: Subject) -> Clearance:
        """Return the clearance for `compartment`; raises Refused."""
        decision = self._decide(compartment, subject)
        permitted = self._present and decision.permitted
        entry = self._entry(decision, compartment, subject, permitted=permitted)
        if not permitted:
            raise Refused(_refusal(self._actor, decision) if self._present else NotFound(), entry)
        self._session.add(entry)
        return self._clearance(decision, compartment)

    def silent_clearance(self, compartment: Compartment, subject: Subject) -> Clearance | None:
        """Return the clearance for `compartment`, on record, if it opens; a closed one leaves no trace."""
        decision = self._decide(compartment, subject)
        if not decision.permitted:
            return None
        self._session.add(self._entry(decision, compartment, subject, permitted=True))
        return self._clearance(decision, compartment)

    def _entry(
        self, decision: Decision, compartment: Compartment, subject: Subject, *, permitted: bool
    ) -> AuditEntry:
        part = () if compartment is Compartment.GENERAL else (f"compartment:{compartment}",)
        return audit.entry(
            self._session,
            actor=self._actor,
            clock=self._clock,
            action=f"{subject.type}.{subject.verb or self._action}",
            outcome="allowed" if permitted else "refused",
            patient_id=self._patient_id if self._present else None,
            object_type=subject.type,
            object_id=subject.id,
            purpose=self._purpose,
            reason=",".join([decision.reason, *decision.path, *part]) if self._present else "absent",
            decision_id=self._decision_id,
        )

    def _decide(self, compartment: Compartment, subject: Subject) -> Decision:
        actor = self._actor
        request = Request(
            account_id=actor.account_id,
            roles=actor.roles,
            practitioner_id=actor.practitioner_id,
            own_record=actor.patient_id == self._patient_id,
            stepped_up=actor.stepped_up(self._at),
            action=self._action,
            purpose=self._purpose,
            compartment=compartment,
            at=self._at,
            author=subject.author,
        )
        return decide(request, self._snapshot)

    def _clearance(self, decision: Decision, compartment: Compartment) -> Clearance:
        return Clearance(
            decision_id=self._decision_id,
            actor_id=self._actor.account_id,
            patient_id=self._patient_id,
            action=self._action,
            purpose=self._purpose,
            compartments=frozenset({compartment}),
            epoch=self._epoch,
            not_after=decision.not_after,
            author_id=self._actor.practitioner_id if decision.own_work_only else None,
        )


def _refusal(actor: Actor, decision: Decision) -> ClinicError:
    if not may_know_of_patients(actor.roles):
        return NotFound()
    if decision.reason is Reason.STEP_UP:
        return Denied("step_up_required")
    return Denied("consent_denied", reasons=[decision.reason.value])
