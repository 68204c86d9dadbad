"""Holds: ten minutes in which a time is kept for the person who is confirming it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import NotFound, TooMany
from clinic.ids import AppointmentId
from clinic.scheduling.events import TimeHeld, TimeReleased
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import arranges
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.rules.booking import HOLD_FOR, HOLDS_PER_ADDRESS, HOLDS_PER_PERSON, Status
from clinic.scheduling.services import guarded
from clinic.scheduling.services.admission import admit
from clinic.scheduling.services.making_way import Placing, make_way
from clinic.scheduling.services.planning import Wanted, plan, refuse_overlap

_REMEMBERED = timedelta(days=1)


def hold(
    session: Session, *, actor: Actor, clock: Clock, hold_id: UUID, wanted: Wanted, address: bytes
) -> Appointment:
    """Keep a time for the actor; `address` is the blind index of where they call from.

    Raises Invalid("slot_not_offered"), Conflict("slot_taken" or "visit_overlap"), TooMany("too_many_holds"),
    and Denied where the service is not open to the actor. Holds are counted while nobody else of the same
    account or address can take one.
    """
    now, by_staff = clock.now(), arranges(actor, {"patient_id": actor.patient_id})
    admit(session, actor=actor, patient=actor.patient_id, wanted=wanted)
    guarded.take_turns(session, actor.account_id, address, actor.patient_id)
    guarded.lock_schedules(session, [wanted.practitioner])
    planned = plan(session, wanted, now=now, by_staff=by_staff)
    values = {
        "id": hold_id,
        "patient_id": actor.patient_id,
        "status": Status.HELD,
        "hold_expires_at": now + HOLD_FOR,
        "hold_address": address,
        "version": 1,
        "created_by": actor.account_id,
        "created_at": now,
    }
    try:
        placed = make_way(session, planned, Placing(actor.account_id, actor.patient_id, now))
        if not by_staff:
            _refuse_hoarding(session, actor, address, now)
        guarded.place(session, {**placed, **values})
    except guarded.Overlap as overlap:
        refuse_overlap(session, overlap, wanted, now=now, by_staff=by_staff)
    _record(session, actor, clock, "appointment.hold", hold_id)
    row = session.get_one(Appointment, hold_id)
    publish(session, TimeHeld(row.id, row.practitioner_id))
    return row


def release(session: Session, *, actor: Actor, clock: Clock, hold_id: AppointmentId) -> None:
    """Give a hold up; raises NotFound unless it is the actor's and still one."""
    row = session.get(Appointment, hold_id)
    if row is None or row.created_by != actor.account_id or row.status is not Status.HELD:
        raise NotFound
    guarded.change(session, row, status=Status.EXPIRED)
    _record(session, actor, clock, "appointment.release", hold_id)
    publish(session, TimeReleased(row.id, row.practitioner_id))


def forget(session: Session, *, clock: Clock) -> int:
    """Delete holds that lapsed more than a day ago: by then no retry asks for them; return how many."""
    return guarded.forget_holds(session, before=clock.now() - _REMEMBERED)


def _record(session: Session, actor: Actor, clock: Clock, action: str, hold_id: UUID) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=actor.patient_id,
        object_type="appointment",
        object_id=hold_id,
    )


def _refuse_hoarding(session: Session, actor: Actor, address: bytes, now: datetime) -> None:
    if _count(session, now, Appointment.created_by == actor.account_id) >= HOLDS_PER_PERSON:
        raise TooMany("too_many_holds")
    if _count(session, now, Appointment.hold_address == address) >= HOLDS_PER_ADDRESS:
        raise TooMany("too_many_holds")


def _count(session: Session, now: datetime, whose: ColumnElement[bool]) -> int:
    held = select(func.count()).where(Appointment.status == Status.HELD, is_live(now), whose)
    return session.execute(held).scalar_one()
