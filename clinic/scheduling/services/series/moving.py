"""Move one visit of a series, it and those that follow, or all that are still to come.

A moved visit keeps its distance to the one that was named: as many days on, at the same new time of day. It
stays with whoever holds it, unless the move says with whom they all are to be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Denied, Invalid
from clinic.ids import AppointmentId, PractitionerId, SeriesId
from clinic.scheduling.events import AppointmentMoved, SeriesMoved
from clinic.scheduling.models import Appointment, Series
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.rules.recurrence import shifted
from clinic.scheduling.rules.series import Policy
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.scheduling.services import guarded, overriding, relations, rooms
from clinic.scheduling.services.series.parts import (
    Part,
    Scope,
    coming_part,
    concerned,
    opened,
    patient_of,
    settle,
)
from clinic.scheduling.services.series.placing import fate_of, give_up_lapsed
from clinic.scheduling.services.series.planning import (
    Dated,
    Planner,
    Rounds,
    Target,
    offering,
    refuse_clashes,
)
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class Move:
    """Where the named visit goes; the others of its part go with it.

    The visits `over` go there over what is in their way, because of `override`.
    """

    part: Part
    starts_at: datetime
    practitioner: PractitionerId | None = None
    policy: Policy = Policy.ALL_OR_NONE
    over: Collection[AppointmentId] = ()
    override: str | None = None


@dataclass(frozen=True, slots=True)
class _Laid:
    """Visits on their way: each with who judges its new date, and every date as it was judged."""

    visits: Mapping[UUID, Appointment]
    planners: Mapping[UUID, Planner]
    dates: Sequence[Dated]

    def of(self, each: Dated) -> tuple[Appointment, Planner]:
        """Return the visit that goes to a date, and who judged it."""
        assert each.appointment is not None  # every date here is a visit's
        return self.visits[each.appointment], self.planners[each.appointment]


def preview_move(
    session: Session, *, actor: Actor, clock: Clock, series_id: SeriesId, move: Move
) -> Sequence[Dated]:
    """Return where each visit would go and what it would meet there; nothing is kept."""
    series = concerned(session, actor, series_id)
    visits = coming_part(session, series, move.part, clock.now())
    _check_diaries(actor, series, visits, move)
    return _laid(session, series, visits, move, clock.now()).dates


def reschedule(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    series_id: SeriesId,
    move: Move,
    version: int | None = None,
) -> Sequence[Dated]:
    """Move the part and return every date; what is not free stayed where it was (policy `skip`).

    Raises Conflict("series_clash" with every date), Conflict("not_open") when nothing is still to come,
    PreconditionFailed("series_changed") unless `version` is the present one, and Denied where the diary or
    the override is not the actor's to give.
    """
    series = opened(session, actor, series_id, version)
    visits = coming_part(session, series, move.part, clock.now())
    _check_diaries(actor, series, visits, move)
    overriding.permit(actor, move.override, patient=series.patient_id)
    people = {_whose(visit, move) for visit in visits}
    guarded.lock_schedules(session, people | {visit.practitioner_id for visit in visits})
    rooms.lock(session, people, series.modality)
    before = {visit.id: visit.practitioner_id for visit in visits}
    laid = _laid(session, series, visits, move, clock.now())
    refuse_clashes(laid.dates, move.policy, even_without_work=True)
    _give_up_lapsed(session, laid, clock.now())
    moved, stayed = _move_all(session, laid, _reasons(fields, series, move))
    if stayed:
        refuse_clashes([*moved, *stayed], move.policy, even_without_work=True)
    if move.part.scope is Scope.ALL and move.practitioner is not None:
        series.practitioner_id = move.practitioner
    settle(session, actor, clock, series, "series.move")
    changed = [laid.of(each)[0] for each in moved]
    _record_overrides(session, actor, clock, laid, moved, move)
    relations.after_booking(session, actor=actor, clock=clock, visit=changed[0])
    _tell_moved(session, series, move.part.scope, changed, before)
    return sorted([*moved, *stayed], key=_start)


def _whose(visit: Appointment, move: Move) -> PractitionerId:
    """Return with whom a visit is after the move."""
    return move.practitioner or visit.practitioner_id


def _laid(
    session: Session, series: Series, visits: Sequence[Appointment], move: Move, now: datetime
) -> _Laid:
    """Return the visits with where they would go; raises Invalid for a time that has passed."""
    by_id: dict[UUID, Appointment] = {visit.id: visit for visit in visits}
    if not set(move.over) <= set(by_id):
        raise Invalid("invalid", errors={"over": ["The series has no such visit to come."]})
    named = by_id.get(move.part.named, visits[0]) if move.part.named else visits[0]
    planners: dict[UUID, Planner] = {}
    dates: list[Dated] = []
    new = wall_text(to_wall(move.starts_at, _tz(session, series, named, move)))
    for practitioner in sorted({_whose(visit, move) for visit in visits}):
        own = [visit for visit in visits if _whose(visit, move) == practitioner]
        targets = [
            _target(visit, named, new, _tz(session, series, visit, move), over=visit.id in move.over)
            for visit in own
        ]
        if min(target.starts_at for target in targets) < now:
            raise Invalid("invalid", errors={"starts_at": ["This time has passed."]})
        planner = Planner(session, _rounds(series, practitioner), targets, now=now, ignoring=list(by_id))
        planners |= dict.fromkeys((visit.id for visit in own), planner)
        dates += planner.judged()
    return _Laid(by_id, planners, sorted(dates, key=_start))


def _target(visit: Appointment, named: Appointment, new: str, tz: str, *, over: bool) -> Target:
    there = shifted(visit.wall_start, old=named.wall_start, new=new, tz=tz)
    return Target(there.starts_at, instead_of=visit.starts_at, appointment=visit.id, over=over)


def _rounds(series: Series, practitioner: PractitionerId) -> Rounds:
    return Rounds(practitioner, series.service_id, series.modality, patient_of(series))


def _tz(session: Session, series: Series, visit: Appointment, move: Move) -> str:
    """Return whose clocks a visit follows: its own, or those of whoever takes it over."""
    if _whose(visit, move) == visit.practitioner_id:
        return visit.tz
    return offering(session, _rounds(series, _whose(visit, move))).tz


def _check_diaries(actor: Actor, series: Series, visits: Sequence[Appointment], move: Move) -> None:
    for practitioner in {_whose(visit, move) for visit in visits}:
        facts = {"patient_id": series.patient_id, "practitioner_id": practitioner}
        if not POLICIES[Permission.SERIES_CHANGE](actor, facts):
            raise Denied("not_permitted")


def _give_up_lapsed(session: Session, laid: _Laid, now: datetime) -> None:
    for planner in set(laid.planners.values()):
        own = [each for each in laid.dates if laid.of(each)[1] is planner]
        give_up_lapsed(session, planner, own, now)


def _reasons(fields: Fields, series: Series, move: Move) -> Mapping[bool, Mapping[str, object]]:
    """Return the columns that say why, for visits that go over others and for those that do not."""
    return {
        over: overriding.columns(fields, patient_of(series), move.override if over else None)
        for over in (True, False)
    }


def _move_all(
    session: Session, laid: _Laid, reasons: Mapping[bool, Mapping[str, object]]
) -> tuple[list[Dated], list[Dated]]:
    """Move what can be moved and return it with what stayed.

    Visits that go forward go last one first, and those that go back first one first: each then finds the
    place of its neighbour empty.
    """
    moved: list[Dated] = []
    stayed: list[Dated] = []
    for each in sorted(laid.dates, key=_start, reverse=_forward(laid.dates)):
        if not each.goes:
            stayed.append(each)
            continue
        visit, planner = laid.of(each)
        write = guarded.change_over if each.over else guarded.change
        try:
            write(session, visit, **planner.columns(each), **reasons[each.over])
            moved.append(each)
        except guarded.Overlap as overlap:
            stayed.append(planner.refused(each, fate_of(overlap.rule)))
    return sorted(moved, key=_start), sorted(stayed, key=_start)


def _start(each: Dated) -> datetime:
    return each.starts_at


def _forward(dates: Sequence[Dated]) -> bool:
    first = dates[0]
    return first.instead_of is not None and first.starts_at > first.instead_of


def _record_overrides(
    session: Session, actor: Actor, clock: Clock, laid: _Laid, moved: Sequence[Dated], move: Move
) -> None:
    for each in moved:
        if each.over:
            visit, _ = laid.of(each)
            overriding.record(session, actor=actor, clock=clock, visit=visit, reason=move.override)


def _tell_moved(
    session: Session,
    series: Series,
    scope: Scope,
    visits: Sequence[Appointment],
    before: Mapping[AppointmentId, PractitionerId],
) -> None:
    alone, patient = scope is Scope.THIS, patient_of(series)
    for visit in visits:
        event = AppointmentMoved(
            visit.id,
            patient,
            visit.practitioner_id,
            visit.version,
            within=None if alone else series.id,
            moved_from=before[visit.id],
        )
        publish(session, event)
    if not alone:
        publish(session, SeriesMoved(series.id, visits[0].id, patient, visits[0].practitioner_id))
