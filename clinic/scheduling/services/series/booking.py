"""Book a series: every date a guarded row of its own, all placed by one statement under one lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Denied, Invalid, NotFound
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import PatientId, SeriesId
from clinic.scheduling.events import AppointmentBooked, SeriesBooked
from clinic.scheduling.models import Appointment, Series
from clinic.scheduling.policies import POLICIES, arranges, is_desk
from clinic.scheduling.rules.recurrence import Recurrence
from clinic.scheduling.rules.zones import to_utc
from clinic.scheduling.services import guarded, overriding, relations, rooms
from clinic.scheduling.services.series.placing import give_up_lapsed, place
from clinic.scheduling.services.series.planning import (
    Dated,
    Laid,
    Planner,
    SeriesWish,
    Target,
    offering,
    refuse_clashes,
)
from clinic.vault.fields import Fields


def preview(session: Session, *, actor: Actor, clock: Clock, wish: SeriesWish) -> Sequence[Dated]:
    """Return every date with what it meets; nothing is kept. Raises as `book` does, but for clashes."""
    check_person(session, actor, clock, wish)
    return lay_out(session, wish, clock.now()).dates


def book(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, series_id: SeriesId, wish: SeriesWish
) -> Sequence[Appointment]:
    """Book the series and return its visits.

    Raises Invalid naming the field, Conflict("series_clash" with every date) as the policy says, Refused
    where a practitioner plans for somebody who is not in their care, and Denied where an override is not the
    actor's to give.
    """
    check_person(session, actor, clock, wish)
    overriding.permit(actor, wish.override, patient=wish.rounds.patient)
    guarded.lock_schedules(session, [wish.rounds.practitioner])
    rooms.lock(session, [wish.rounds.practitioner], wish.rounds.modality)
    laid = lay_out(session, wish, clock.now())
    refuse_clashes(laid.dates, wish.policy)
    give_up_lapsed(session, laid.planner, laid.dates, clock.now())
    session.add(series_row(actor, clock.now(), series_id, wish, laid))
    session.flush()
    patient = wish.rounds.patient
    assert patient is not None  # groups' own service plans those without
    values = {"patient_id": patient, "created_by": actor.account_id, "created_at": clock.now()}
    over = overriding.columns(fields, patient, wish.override)
    visits = place(session, series_id, wish.policy, laid, values, over=over)
    _record_overrides(session, actor, clock, visits, wish.override)
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
    if any(target.starts_at < now for target in targets):
        raise Invalid("invalid", errors={"moved": ["This time has passed."]})
    planner = Planner(session, wish.rounds, targets, now=now)
    return Laid(tz, found[0].local, planner, planner.judged())


def _first(wish: SeriesWish, tz: str) -> datetime:
    if wish.starts_at is not None:
        return wish.starts_at
    assert wish.local is not None  # one of the two is given
    return to_utc(wish.local, tz)


def _target(wish: SeriesWish, starts_at: datetime) -> Target:
    elsewhere, over = wish.moved.get(starts_at), starts_at in wish.over
    if elsewhere is not None:
        return Target(elsewhere, instead_of=starts_at, over=over)
    return Target(starts_at, left_out=starts_at in wish.left_out, over=over)


def _check_names(wish: SeriesWish, dates: set[datetime]) -> None:
    chosen = {"moved": wish.moved, "left_out": wish.left_out, "over": wish.over}
    for name, given in ((name, set(dates)) for name, dates in chosen.items()):
        if not given <= dates:
            raise Invalid("invalid", errors={name: ["The series has no visit at this time."]})


def check_person(session: Session, actor: Actor, clock: Clock, wish: SeriesWish) -> None:
    """Raise unless the actor may plan for this patient (or group) with this practitioner."""
    facts = {"patient_id": wish.rounds.patient, "practitioner_id": wish.rounds.practitioner}
    if not (POLICIES[Permission.SERIES_PLAN](actor, facts) and arranges(actor, facts)):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    patient = wish.rounds.patient
    if patient is None:
        return
    if not is_desk(actor, facts):
        visible_patient(session, actor=actor, clock=clock, patient_id=patient, action="series.book")
    if not patient_exists(session, patient_id=patient):
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})


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


def _record_overrides(
    session: Session, actor: Actor, clock: Clock, visits: Sequence[Appointment], reason: str | None
) -> None:
    for visit in visits:
        if visit.override_reason_sealed is not None:
            overriding.record(session, actor=actor, clock=clock, visit=visit, reason=reason)


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
