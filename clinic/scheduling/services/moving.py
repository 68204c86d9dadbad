"""Move a visit: patients within the notice, staff until it is settled, the desk over others too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Denied
from clinic.ids import AppointmentId, PractitionerId
from clinic.scheduling.events import AppointmentMoved
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import POLICIES, arranges
from clinic.scheduling.rules.booking import AHEAD, Status
from clinic.scheduling.services import guarded, overriding, relations
from clinic.scheduling.services.admission import admit
from clinic.scheduling.services.changes import refuse_late
from clinic.scheduling.services.finding import concerned, patient_of, refuse_stale
from clinic.scheduling.services.making_way import Placing, make_way
from clinic.scheduling.services.planning import Wanted, plan, refuse_overlap
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class Move:
    """Where a visit goes; `override` is why the desk moves it there although it clashes.

    `reserved`: into a time that is kept for urgent requests, if need be.
    """

    starts_at: datetime
    practitioner: PractitionerId | None = None
    override: str | None = None
    reserved: bool = False

    @property
    def forced(self) -> bool:
        """Tell whether the desk moves it over what is in the way."""
        return self.override is not None


def reschedule(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    appointment_id: AppointmentId,
    move: Move,
    version: int | None = None,
) -> Appointment:
    """Move a visit in one update, so that the old time is free only when the new one is taken.

    Moving it to where it is changes nothing. Raises as `cancel` and `book` do. Practitioners move within
    their own diary.
    """
    row, now = concerned(session, actor, Permission.APPOINTMENT_MOVE, appointment_id), clock.now()
    whom, by_staff = move.practitioner or row.practitioner_id, arranges(actor, {"patient_id": row.patient_id})
    wanted = Wanted(row.service_id, whom, move.starts_at, row.modality, move.reserved)
    _permit(actor, row, wanted, move)
    if _is_there(row, wanted):
        return row
    refuse_stale(row, version)
    refuse_late(session, actor, row, now)
    if whom != (before := row.practitioner_id):
        admit(session, actor=actor, patient=patient_of(row), wanted=wanted)
    guarded.take_turns(session, row.patient_id)
    guarded.lock_schedules(session, {whom, before})
    planned = plan(session, wanted, now=now, by_staff=by_staff, forced=move.forced)
    reason = overriding.columns(fields, patient_of(row), move.override)
    try:
        placing = Placing(actor.account_id, row.patient_id, now, moving=row, forced=move.forced)
        placed = make_way(session, planned, placing)
        write = guarded.change_over if move.forced else guarded.change
        write(session, row, **placed, **reason, status=Status.BOOKED, checked_in_at=None)
    except guarded.Overlap as overlap:
        refuse_overlap(session, overlap, wanted, now=now, by_staff=by_staff)
    relations.after_booking(session, actor=actor, clock=clock, visit=row)
    _record(session, actor, clock, row, move)
    _tell(session, row, before)
    return row


def _permit(actor: Actor, row: Appointment, wanted: Wanted, move: Move) -> None:
    overriding.permit(actor, move.override, patient=row.patient_id)
    facts = {"patient_id": row.patient_id, "practitioner_id": wanted.practitioner}
    if not POLICIES[Permission.APPOINTMENT_MOVE](actor, facts):
        raise Denied("not_permitted")


def _is_there(row: Appointment, wanted: Wanted) -> bool:
    here = row.starts_at, row.practitioner_id
    return row.status in AHEAD and here == (wanted.starts_at, wanted.practitioner)


def _record(session: Session, actor: Actor, clock: Clock, row: Appointment, move: Move) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="appointment.move",
        patient_id=row.patient_id,
        object_type="appointment",
        object_id=row.id,
        reason="reserved" if move.reserved else None,
    )
    overriding.record(session, actor=actor, clock=clock, visit=row, reason=move.override)


def _tell(session: Session, row: Appointment, before: UUID) -> None:
    number, practitioner = AppointmentId(row.id), PractitionerId(row.practitioner_id)
    moved_from = PractitionerId(before)
    publish(
        session, AppointmentMoved(number, patient_of(row), practitioner, row.version, moved_from=moved_from)
    )
