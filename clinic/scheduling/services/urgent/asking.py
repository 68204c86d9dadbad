"""Ask whoever is on call, one step after the other, and the desk when nobody is left, until one claims it.

Each step is an event of the request and an entry of the trail. It is taken under the lock of the request's
row, after looking at it again: two workers, or a worker and a claim, cannot both go on from one state.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import SYSTEM, Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.ids import PractitionerId
from clinic.scheduling.events import UrgentRequestAsked
from clinic.scheduling.models import OnCallRota, UrgentRequest, UrgentRequestEvent
from clinic.scheduling.queries.on_call import rota_of
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.on_call import Rota, asked_next
from clinic.scheduling.rules.urgent_requests import DESK, Happening, RequestState, told_again_after
from clinic.scheduling.services.on_call.rotas import USUAL_ANSWER_MINUTES

_MOMENT = timedelta(minutes=1)


def overdue(session: Session, *, clock: Clock) -> list[UUID]:
    """Return the open requests that nobody has claimed in time, the longest waiting first."""
    rows = select(UrgentRequest.id).where(
        UrgentRequest.state == RequestState.OPEN, UrgentRequest.due_at <= clock.now()
    )
    return list(session.scalars(rows.order_by(UrgentRequest.due_at, UrgentRequest.id)))


def escalate(session: Session, *, clock: Clock, request_id: UUID) -> bool:
    """Ask the next step, or tell the desk again, where it is still time for it; return whether it was."""
    row = locked(session, request_id)
    if row is None or row.state is not RequestState.OPEN or row.due_at is None or row.due_at > clock.now():
        return False  # claimed or asked by somebody else since it was read
    record(session, SYSTEM, clock, row, "escalate")
    ask_next(session, actor=SYSTEM, clock=clock, row=row)
    return True


def ask_next(session: Session, *, actor: Actor, clock: Clock, row: UrgentRequest) -> None:
    """Ask those of the next step who have not been asked, and tell the desk when no step is left."""
    now = clock.now()
    rota = rota_of(session, row.service_id, Interval(now, now + _MOMENT))
    found = asked_next(rota, now, after=row.step, besides=row.asked)
    upto = DESK if found is None else found.step
    for step in _passed(rota, row.step, upto):
        note(row, actor, clock, Happening.NOBODY, step=step)
    row.step = upto
    if found is None:
        note(row, actor, clock, Happening.DESK)
        row.due_at = now + told_again_after(row.told_desk)
        publish(session, UrgentRequestAsked(row.id, len(row.events), (), desk=True))
        return
    ask(session, actor=actor, clock=clock, row=row, practitioners=found.practitioners)


def ask(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    row: UrgentRequest,
    practitioners: Collection[PractitionerId],
) -> None:
    """Ask these people, who have the minutes of the rota to answer."""
    rota = session.get(OnCallRota, row.service_id)
    minutes = USUAL_ANSWER_MINUTES if rota is None else rota.answer_minutes
    row.due_at = clock.now() + timedelta(minutes=minutes)
    for one in practitioners:
        note(row, actor, clock, Happening.ASKED, practitioner=one)
    publish(session, UrgentRequestAsked(row.id, len(row.events), tuple(practitioners), desk=False))


def note(
    row: UrgentRequest,
    actor: Actor,
    clock: Clock,
    kind: Happening,
    *,
    step: int | None = None,
    practitioner: PractitionerId | None = None,
) -> None:
    """Add a step to the way of the request."""
    row.events.append(
        UrgentRequestEvent(
            number=len(row.events) + 1,
            kind=kind,
            step=row.step if step is None else step,
            practitioner_id=practitioner,
            account_id=actor.account_id,
            at=clock.now(),
        )
    )


def locked(session: Session, request_id: UUID) -> UrgentRequest | None:
    """Return the request as it is now, locked until the transaction ends."""
    return session.get(UrgentRequest, request_id, with_for_update=True, populate_existing=True)


def record(session: Session, actor: Actor, clock: Clock, row: UrgentRequest, act: str) -> None:
    """Leave the act in the patient's log."""
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=f"urgent_request.{act}",
        patient_id=row.patient_id,
        object_type="urgent_request",
        object_id=row.id,
    )


def _passed(rota: Rota, after: int, upto: int) -> list[int]:
    """Return the steps between that the rota has and that have nobody to ask now."""
    return sorted({rule.step for rule in rota.rules if after < rule.step < upto})
