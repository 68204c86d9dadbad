"""Raise an urgent request, claim it, hand it on, close it.

Staff raise it: nobody is urgent by their own word. It promises no emergency care; pages show the numbers of
`/crisis` before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import PatientId, PractitionerId
from clinic.scheduling.events import UrgentRequestAnswered
from clinic.scheduling.models import UrgentRequest
from clinic.scheduling.policies import POLICIES, is_desk
from clinic.scheduling.queries import on_call
from clinic.scheduling.rules.urgent_requests import Acts, Happening, Outcome, RequestState, acts
from clinic.scheduling.services import guarded
from clinic.scheduling.services.urgent.asking import ask, ask_next, locked, note, record
from clinic.vault.fields import Fields

PHONE = "urgent_request.phone"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """For whom, to the people of which service, and under which number they are reached."""

    service: UUID
    patient: PatientId
    phone: str | None = None


def raise_request(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, request_id: UUID, new: NewRequest
) -> UrgentRequest:
    """Ask whoever is on call to see to a patient.

    Raises Conflict("requested_already"), Invalid for a service without urgent visits or an unknown patient,
    and Refused where a practitioner asks for somebody who is not in their care.
    """
    _check(session, actor, clock, new)
    guarded.lock_patients(session, [new.patient])
    if _stands(session, new.patient):
        raise Conflict("requested_already")
    row = UrgentRequest(
        id=request_id,
        service_id=new.service,
        patient_id=new.patient,
        state=RequestState.OPEN,
        step=0,
        due_at=clock.now(),
        phone_sealed=fields.seal(new.patient, PHONE, new.phone) if new.phone else None,
        raised_by=actor.account_id,
        raised_at=clock.now(),
    )
    session.add(row)
    note(row, actor, clock, Happening.RAISED)
    ask_next(session, actor=actor, clock=clock, row=row)
    session.flush()
    record(session, actor, clock, row, "raise")
    return row


def claim(session: Session, *, actor: Actor, clock: Clock, request_id: UUID) -> UrgentRequest:
    """Take the request on; the first one has it. Raises NotFound, Conflict("claimed_already")."""
    row, may = concerned(session, actor, request_id)
    if not may.claim:
        raise Conflict(why_not(row))
    row.state, row.due_at = RequestState.CLAIMED, None
    row.claimed_by, row.claimed_at = actor.account_id, clock.now()
    row.claimed_practitioner_id = actor.practitioner_id
    note(row, actor, clock, Happening.CLAIMED, practitioner=actor.practitioner_id)
    return _answered(session, actor, clock, row, "claim")


def hand_on(
    session: Session, *, actor: Actor, clock: Clock, request_id: UUID, to: PractitionerId | None = None
) -> UrgentRequest:
    """Pass the request to a colleague, or where none is named to the next step, the desk being the last.

    Raises NotFound, Conflict("claimed_already", "request_closed", "nobody_next"), Invalid for a colleague who
    does not hold such visits.
    """
    row, may = concerned(session, actor, request_id)
    if not may.hand_on:
        raise Conflict(why_not(row))
    if to is None and row.told_desk:
        raise Conflict("nobody_next")
    if to is not None and to not in on_call.colleagues(session, row.service_id):
        raise Invalid("invalid", errors={"to": ["This person does not hold visits of this service."]})
    row.state, row.due_at = RequestState.OPEN, clock.now()
    row.claimed_by = row.claimed_at = row.claimed_practitioner_id = None
    note(row, actor, clock, Happening.HANDED_ON, practitioner=actor.practitioner_id)
    if to is None:
        ask_next(session, actor=actor, clock=clock, row=row)
    else:
        ask(session, actor=actor, clock=clock, row=row, practitioners=(to,))
    return _answered(session, actor, clock, row, "hand_on")


def close(
    session: Session, *, actor: Actor, clock: Clock, request_id: UUID, outcome: Outcome
) -> UrgentRequest:
    """Say what came of it; whoever has it, or the desk. Raises NotFound, Conflict."""
    row, may = concerned(session, actor, request_id)
    if not may.close:
        raise Conflict(why_not(row))
    return settle(session, actor, clock, row, outcome)


def settle(
    session: Session, actor: Actor, clock: Clock, row: UrgentRequest, outcome: Outcome
) -> UrgentRequest:
    """Close a request whose row is locked."""
    row.state, row.outcome = RequestState.CLOSED, outcome
    row.closed_at, row.due_at = clock.now(), None
    note(row, actor, clock, Happening.CLOSED, practitioner=actor.practitioner_id)
    return _answered(session, actor, clock, row, "close")


def concerned(
    session: Session, actor: Actor, request_id: UUID, *, lock: bool = True
) -> tuple[UrgentRequest, Acts]:
    """Return the request and what the actor may do; raises NotFound where it is not theirs."""
    row = locked(session, request_id) if lock else session.get(UrgentRequest, request_id)
    if row is None or not POLICIES[Permission.URGENT_REQUEST_ANSWER](actor, {"asked": row.asked}):
        raise NotFound
    return row, acts_of(row, actor)


def acts_of(row: UrgentRequest, actor: Actor) -> Acts:
    """Return what the actor may do with a request."""
    who, desk = actor.practitioner_id, is_desk(actor, {})
    return acts(row.standing, account=actor.account_id, practitioner=who, desk=desk)


def why_not(row: UrgentRequest) -> str:
    """Return the code that says why an act does not fit the request as it stands."""
    return {
        RequestState.OPEN: "not_claimed",
        RequestState.CLAIMED: "claimed_already",
        RequestState.CLOSED: "request_closed",
    }[row.state]


def _check(session: Session, actor: Actor, clock: Clock, new: NewRequest) -> None:
    if not POLICIES[Permission.URGENT_REQUEST_RAISE](actor, {}):
        raise Denied("not_permitted")
    if new.service not in {one.id for one in on_call.urgent_services(session)}:
        raise Invalid("invalid", errors={"service": ["Nobody is on call for this service."]})
    if not is_desk(actor, {}):
        visible_patient(
            session, actor=actor, clock=clock, patient_id=new.patient, action="urgent_request.raise"
        )
    if not patient_exists(session, patient_id=new.patient):
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})


def _stands(session: Session, patient: PatientId) -> bool:
    found = select(UrgentRequest.id).where(
        UrgentRequest.patient_id == patient, UrgentRequest.state != RequestState.CLOSED
    )
    return session.scalar(found) is not None


def _answered(session: Session, actor: Actor, clock: Clock, row: UrgentRequest, act: str) -> UrgentRequest:
    session.flush()
    record(session, actor, clock, row, act)
    asked = tuple(PractitionerId(who) for who in sorted(row.asked))
    publish(session, UrgentRequestAnswered(row.id, asked))
    return row
