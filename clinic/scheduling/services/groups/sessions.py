"""Plan a group's session or a rhythm of them, move one, call one off; members' seats go with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid, NotFound
from clinic.ids import AppointmentId, PatientId, SeriesId
from clinic.scheduling.events import SeatCancelled, SeatMoved, SessionChanged
from clinic.scheduling.models import Appointment, GroupSeat, GroupSession
from clinic.scheduling.models.guard import EX_PATIENT
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.groups import SeatStatus, may_join
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.series import Fate
from clinic.scheduling.services import guarded, rooms
from clinic.scheduling.services.finding import refuse_stale
from clinic.scheduling.services.series import booking
from clinic.scheduling.services.series.placing import give_up_lapsed, place
from clinic.scheduling.services.series.planning import (
    Dated,
    Planner,
    Rounds,
    SeriesWish,
    Target,
    refuse_clashes,
)

_KEPT = (SeatStatus.BOOKED, SeatStatus.WAITING)


def plan(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    group_id: AppointmentId,
    wish: SeriesWish,
    series_id: SeriesId | None,
    capacity: int | None,
) -> Sequence[Appointment]:
    """Plan one session (`group_id`) or, with `series_id`, a rhythm of them, and return them.

    Raises Invalid naming the field; Conflict("slot_taken" with alternatives) for one, "series_clash" for
    several.
    """
    booking.check_person(session, actor, clock, wish)
    guarded.lock_schedules(session, [wish.rounds.practitioner])
    rooms.lock(session, [wish.rounds.practitioner], wish.rounds.modality)
    laid = booking.lay_out(session, wish, clock.now())
    if series_id is None:
        refuse_taken(laid.dates[0])
    refuse_clashes(laid.dates, wish.policy)
    give_up_lapsed(session, laid.planner, laid.dates, clock.now())
    if series_id is not None:
        session.add(booking.series_row(actor, clock.now(), series_id, wish, laid))
        session.flush()
    seats = capacity or get_service(session, wish.rounds.service).seats
    made = {"created_by": actor.account_id, "created_at": clock.now()}
    values = {**made, "patient_id": None, "is_group": True}
    rows = place(session, series_id, wish.policy, laid, values, first=group_id)
    session.add_all(GroupSession(appointment_id=row.id, capacity=seats, taken=0) for row in rows)
    session.flush()
    record(session, actor, clock, "group.plan", series_id or group_id)
    tell(session, rows)
    return rows


def reschedule(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    group_id: AppointmentId,
    starts_at: datetime,
    version: int | None = None,
) -> Appointment:
    """Move a session with all who sit in it; raises Conflict("visit_overlap") where one of them cannot.

    The members' days are locked in order before the one update that moves session and seats.
    """
    row = concerned(session, actor, Permission.GROUP_PLAN, group_id)
    guarded.lock_schedules(session, [row.practitioner_id])
    rooms.lock(session, [row.practitioner_id], row.modality)
    opened(session, row, clock.now())
    refuse_stale(row, version)
    seats = seats_of(session, group_id, _KEPT)
    guarded.lock_patients(session, [seat.patient_id for seat in seats])
    rounds = Rounds(row.practitioner_id, row.service_id, row.modality, None)
    if starts_at < clock.now():
        raise Invalid("invalid", errors={"starts_at": ["This time has passed."]})
    planner = Planner(session, rounds, [Target(starts_at)], now=clock.now(), ignoring=[row.id])
    (dated,) = planner.judged()
    refuse_taken(dated)
    give_up_lapsed(session, planner, [dated], clock.now())
    there = Interval(dated.starts_at, dated.ends_at)
    guarded.give_up_lapsed(session, busy=there, now=clock.now(), patients=[seat.patient_id for seat in seats])
    try:
        guarded.change(session, row, **planner.columns(dated))
    except guarded.Overlap as overlap:
        code = "visit_overlap" if overlap.rule == EX_PATIENT else "slot_taken"
        raise Conflict(code) from None
    session.expire_all()
    record(session, actor, clock, "group.move", group_id)
    tell(session, [row])
    for seat in seats:
        publish(session, SeatMoved(group_id, PatientId(seat.patient_id)))
    return row


def cancel(
    session: Session, *, actor: Actor, clock: Clock, group_id: AppointmentId, version: int | None = None
) -> Appointment:
    """Call a session off; nobody has a seat in it or waits for one any more."""
    row = concerned(session, actor, Permission.GROUP_PLAN, group_id)
    group = opened(session, row, clock.now())
    refuse_stale(row, version)
    for seat in seats_of(session, group_id, _KEPT):
        waited = seat.status is SeatStatus.WAITING
        seat.status, seat.version = SeatStatus.CANCELLED, seat.version + 1
        publish(session, SeatCancelled(group_id, PatientId(seat.patient_id), waited=waited))
    group.taken = 0
    session.flush()
    guarded.change(session, row, status=Status.CANCELLED)
    record(session, actor, clock, "group.cancel", group_id)
    tell(session, [row])
    return row


def concerned(session: Session, actor: Actor, permission: Permission, group_id: UUID) -> Appointment:
    """Return the session's appointment; raises NotFound where it is none of the actor's concern."""
    row = session.get(Appointment, group_id)
    if row is None or not row.is_group:
        raise NotFound
    facts = {"patient_id": None, "practitioner_id": row.practitioner_id}
    if not POLICIES[permission](actor, facts):
        raise NotFound
    return row


def opened(session: Session, row: Appointment, now: datetime) -> GroupSession:
    """Lock and return the session's seats; raises Conflict("seats_closed") once it has begun or is off."""
    group = locked(session, row.id)
    session.refresh(row)
    if not may_join(row.status, row.starts_at, now):
        raise Conflict("seats_closed")
    return group


def locked(session: Session, group_id: UUID) -> GroupSession:
    """Let one change at a time into the seats of a session, and return it as it is now."""
    chosen = select(GroupSession).where(GroupSession.appointment_id == group_id)
    fresh = chosen.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(fresh).one()


def seats_of(session: Session, group_id: UUID, statuses: Iterable[SeatStatus]) -> Sequence[GroupSeat]:
    """Return the seats in these states, who asked first first."""
    return session.scalars(
        select(GroupSeat)
        .where(GroupSeat.appointment_id == group_id, GroupSeat.status.in_(statuses))
        .order_by(GroupSeat.asked_at, GroupSeat.patient_id)
    ).all()


def refuse_taken(dated: Dated) -> None:
    """Raise for a single time that is not free, as booking a visit does."""
    if dated.fate is Fate.CLASH:
        raise Conflict("slot_taken", alternatives=dated.facts()["alternatives"])
    if not dated.goes:
        raise Invalid("slot_not_offered", errors={"starts_at": ["This time is not offered."]})


def record(
    session: Session,
    actor: Actor,
    clock: Clock,
    action: str,
    object_id: UUID,
    *,
    patient_id: UUID | None = None,
) -> None:
    """Put what was done with a session or a seat on record."""
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=patient_id,
        object_type="group",
        object_id=object_id,
    )


def tell(session: Session, rows: Sequence[Appointment]) -> None:
    """Let open pages know that sessions have changed."""
    for row in rows:
        publish(session, SessionChanged(AppointmentId(row.id), row.practitioner_id))
