"""Book a series: every date a guarded row of its own, all placed by one statement under one lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import SYSTEM, Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Denied, Invalid, NotFound
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import AppointmentId, PatientId, SeriesId, new_id
from clinic.scheduling.events import AppointmentBooked, SeriesBooked
from clinic.scheduling.models import Appointment, Series, SeriesGap
from clinic.scheduling.models.guard import EX_PATIENT, EX_ROOM
from clinic.scheduling.policies import POLICIES, is_desk
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.recurrence import Recurrence
from clinic.scheduling.rules.series import Fate
from clinic.scheduling.rules.zones import to_utc, to_wall, wall_text
from clinic.scheduling.services import guarded, relations, rooms
from clinic.scheduling.services.series.planning import (
    Dated,
    Planner,
    SeriesWish,
    Target,
    offering,
    refuse_clashes,
)


@dataclass(frozen=True, slots=True)
class Laid:
    """A series before it is booked: whose zone it keeps, its first date there, and every date."""

    tz: str
    first: str
    planner: Planner
    dates: Sequence[Dated]


def preview(session: Session, *, actor: Actor, clock: Clock, wish: SeriesWish) -> Sequence[Dated]:
    """Return every date with what it meets; nothing is kept. Raises as `book` does, but for clashes."""
    check_person(session, actor, clock, wish)
    return lay_out(session, wish, clock.now()).dates


def book(
    session: Session, *, actor: Actor, clock: Clock, series_id: SeriesId, wish: SeriesWish
) -> Sequence[Appointment]:
    """Book the series and return its visits.

    Raises Invalid naming the field, Conflict("series_clash" with every date) as the policy says, and
    Refused where a practitioner plans for somebody who is not in their care.
    """
    check_person(session, actor, clock, wish)
    guarded.lock_schedules(session, [wish.rounds.practitioner])
    rooms.lock(session, wish.rounds.practitioner, wish.rounds.modality)
    laid = lay_out(session, wish, clock.now())
    refuse_clashes(laid.dates, wish.policy)
    give_up_lapsed(session, laid.planner, laid.dates, clock.now())
    session.add(series_row(actor, clock.now(), series_id, wish, laid))
    session.flush()
    values = {"patient_id": wish.rounds.patient, "created_by": actor.account_id, "created_at": clock.now()}
    visits = place(session, series_id, wish, laid, values)
    relations.after_booking(session, actor=actor, clock=clock, visit=visits[0])
    _record(session, actor, clock, wish, series_id)
    _tell(session, series_id, visits)
    return visits


def lay_out(session: Session, wish: SeriesWish, now: datetime) -> Laid:
    """Return the dates of `wish`, single ones moved or left out as it says; raises Invalid."""
    person = offering(session, wish.rounds)
    tz = wish.tz or person.tz
    found = Recurrence(wish.rhythm, _first(wish, tz), tz, wish.count, wish.until).occurrences()
    if found[0].starts_at < now:
        raise Invalid("invalid", errors={"starts_at": ["This time has passed."]})
    targets = [_target(wish, occurrence.starts_at) for occurrence in found]
    _check_names(wish, {occurrence.starts_at for occurrence in found})
    planner = Planner(session, wish.rounds, targets, now=now)
    return Laid(tz, found[0].local, planner, planner.judged())


def _first(wish: SeriesWish, tz: str) -> datetime:
    if wish.starts_at is not None:
        return wish.starts_at
    assert wish.local is not None  # one of the two is given
    return to_utc(wish.local, tz)


def place(
    session: Session,
    series_id: SeriesId | None,
    wish: SeriesWish,
    laid: Laid,
    values: Mapping[str, object],
    first: AppointmentId | None = None,
) -> Sequence[Appointment]:
    """Write the free dates and remember the others; raises Conflict when one was taken meanwhile.

    The first visit has the id `first`, where that was promised.
    """
    given = iter([first] if first else [])
    rows = {
        next(given, None) or new_id(): {**laid.planner.columns(each), **values}
        for each in laid.dates
        if each.is_free
    }
    at = {id: row["starts_at"] for id, row in rows.items()}
    always = {"series_id": series_id, "status": Status.BOOKED, "version": 1}
    refused = guarded.place_many(session, [{**row, **always, "id": id} for id, row in rows.items()])
    if refused:
        lost = {at[id]: fate_of(rule) for id, rule in refused.items()}
        dates = [
            laid.planner.refused(each, lost[each.starts_at]) if each.starts_at in lost else each
            for each in laid.dates
        ]
        refuse_clashes(dates, wish.policy)
        laid = replace(laid, dates=dates)
    if series_id is not None:
        _remember_gaps(session, series_id, laid)
    placed = [id for id in rows if id not in refused]
    return sorted((session.get_one(Appointment, id) for id in placed), key=lambda visit: visit.starts_at)


def _target(wish: SeriesWish, starts_at: datetime) -> Target:
    elsewhere = wish.moved.get(starts_at)
    if elsewhere is not None:
        return Target(elsewhere, instead_of=starts_at)
    return Target(starts_at, left_out=starts_at in wish.left_out)


def _check_names(wish: SeriesWish, dates: set[datetime]) -> None:
    for name, given in (("moved", set(wish.moved)), ("left_out", set(wish.left_out))):
        if not given <= dates:
            raise Invalid("invalid", errors={name: ["The series has no visit at this time."]})


def check_person(session: Session, actor: Actor, clock: Clock, wish: SeriesWish) -> None:
    """Raise unless the actor may plan for this patient (or group) with this practitioner."""
    facts = {"patient_id": wish.rounds.patient, "practitioner_id": wish.rounds.practitioner}
    if not POLICIES[Permission.SERIES_PLAN](actor, facts):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    patient = wish.rounds.patient
    if patient is None:
        return
    if not is_desk(actor, facts):
        visible_patient(session, actor=actor, clock=clock, patient_id=patient, action="series.book")
    if not patient_exists(session, patient_id=patient):
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})


def give_up_lapsed(session: Session, planner: Planner, dates: Sequence[Dated], now: datetime) -> None:
    """End lapsed holds in the way, of rooms too; those that live, the planner's own too, are clashes."""
    times = [planner.demand.busy(each.starts_at) for each in dates]
    whole = Interval(min(each.start for each in times), max(each.end for each in times))
    for room in filter(None, {planner.room(each) for each in dates}):
        guarded.give_up_lapsed(session, room=room, busy=whole, now=now)
    guarded.give_up_holds(
        session,
        practitioner=planner.rounds.practitioner,
        patient=planner.rounds.patient,
        busy=whole,
        owner=SYSTEM.account_id,
        now=now,
    )


def series_row(actor: Actor, now: datetime, series_id: SeriesId, wish: SeriesWish, laid: Laid) -> Series:
    """Return the row of the series that is wished for."""
    return Series(
        id=series_id,
        patient_id=wish.rounds.patient,
        practitioner_id=wish.rounds.practitioner,
        service_id=wish.rounds.service,
        modality=wish.rounds.modality,
        rhythm=wish.rhythm,
        wall_start=laid.first,
        tz=laid.tz,
        times=wish.count,
        until=wish.until,
        version=1,
        created_by=actor.account_id,
        created_at=now,
    )


def _remember_gaps(session: Session, series_id: SeriesId, laid: Laid) -> None:
    for each in laid.dates:
        if not each.is_free:
            original = to_wall(each.instead_of or each.starts_at, laid.tz)
            session.add(SeriesGap(series_id=series_id, local=wall_text(original), fate=each.fate))
    session.flush()


def fate_of(rule: str) -> Fate:
    """Return what a date meets that the database refused by `rule`."""
    return {EX_PATIENT: Fate.PATIENT_CLASH, EX_ROOM: Fate.NO_ROOM}.get(rule, Fate.CLASH)


def _record(session: Session, actor: Actor, clock: Clock, wish: SeriesWish, series_id: SeriesId) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="series.book",
        patient_id=wish.rounds.patient,
        object_type="series",
        object_id=series_id,
    )


def _tell(session: Session, series_id: SeriesId, visits: Sequence[Appointment]) -> None:
    first = visits[0]
    assert first.patient_id is not None  # the groups' own service plans those without
    patient = PatientId(first.patient_id)
    for visit in visits:
        publish(session, AppointmentBooked(visit.id, patient, visit.practitioner_id, within=series_id))
    publish(session, SeriesBooked(series_id, first.id, patient, first.practitioner_id))
