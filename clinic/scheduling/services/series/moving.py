"""Move one visit of a series, it and those that follow, or all that are still to come.

A moved visit keeps its distance to the one that was named: as many days on, at the same new time of day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Denied, Invalid
from clinic.ids import PractitionerId, SeriesId
from clinic.scheduling.events import AppointmentMoved, SeriesMoved
from clinic.scheduling.models import Appointment, Series
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.rules.recurrence import shifted
from clinic.scheduling.rules.series import Policy
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.scheduling.services import guarded, relations, rooms
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


@dataclass(frozen=True, slots=True)
class Move:
    """Where the named visit goes; the others of its part go with it."""

    part: Part
    starts_at: datetime
    practitioner: PractitionerId | None = None
    policy: Policy = Policy.ALL_OR_NONE


def preview_move(
    session: Session, *, actor: Actor, clock: Clock, series_id: SeriesId, move: Move
) -> Sequence[Dated]:
    """Return where each visit would go and what it would meet there; nothing is kept."""
    series = concerned(session, actor, series_id)
    _, planner = _laid(
        session, series, coming_part(session, series, move.part, clock.now()), move, clock.now()
    )
    return planner.judged()


def reschedule(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    series_id: SeriesId,
    move: Move,
    version: int | None = None,
) -> Sequence[Dated]:
    """Move the part and return every date; what is not free stayed where it was (policy `skip`).

    Raises Conflict("series_clash" with every date), Conflict("not_open") when nothing is still to come,
    and PreconditionFailed("series_changed") unless `version` is the present one.
    """
    series = opened(session, actor, series_id, version)
    visits = coming_part(session, series, move.part, clock.now())
    practitioner = move.practitioner or series.practitioner_id
    _check_diary(actor, series, practitioner)
    guarded.lock_schedules(session, {practitioner, *(visit.practitioner_id for visit in visits)})
    rooms.lock(session, practitioner, series.modality)
    by_id, planner = _laid(session, series, visits, move, clock.now())
    dates = planner.judged()
    refuse_clashes(dates, move.policy, even_without_work=True)
    give_up_lapsed(session, planner, dates, clock.now())
    moved, stayed = _move_all(session, by_id, planner, dates)
    if stayed:
        refuse_clashes([*moved, *stayed], move.policy, even_without_work=True)
    if move.part.scope is Scope.ALL:
        series.practitioner_id = practitioner
    changed = [by_id[each.appointment] for each in moved if each.appointment]
    settle(session, actor, clock, series, "series.move")
    relations.after_booking(session, actor=actor, clock=clock, visit=changed[0])
    _tell_moved(session, series, move.part.scope, changed)
    return sorted([*moved, *stayed], key=_start)


def _laid(
    session: Session, series: Series, visits: Sequence[Appointment], move: Move, now: datetime
) -> tuple[dict[object, Appointment], Planner]:
    """Return the visits by id, and a planner of where they would go."""
    practitioner = move.practitioner or visits[0].practitioner_id
    rounds = Rounds(practitioner, series.service_id, series.modality, patient_of(series))
    person = offering(session, rounds)
    named = next((visit for visit in visits if visit.id == move.part.named), visits[0])
    new = wall_text(to_wall(move.starts_at, person.tz))
    targets = [
        Target(
            shifted(visit.wall_start, old=named.wall_start, new=new, tz=person.tz).starts_at,
            instead_of=visit.starts_at,
            appointment=visit.id,
        )
        for visit in visits
    ]
    if min(target.starts_at for target in targets) < now:
        raise Invalid("invalid", errors={"starts_at": ["This time has passed."]})
    by_id: dict[object, Appointment] = {visit.id: visit for visit in visits}
    return by_id, Planner(session, rounds, targets, now=now, ignoring=[visit.id for visit in visits])


def _check_diary(actor: Actor, series: Series, practitioner: PractitionerId) -> None:
    facts = {"patient_id": series.patient_id, "practitioner_id": practitioner}
    if not POLICIES[Permission.SERIES_CHANGE](actor, facts):
        raise Denied("not_permitted")


def _move_all(
    session: Session, visits: dict[object, Appointment], planner: Planner, dates: Sequence[Dated]
) -> tuple[list[Dated], list[Dated]]:
    """Move what can be moved and return it with what stayed.

    Visits that go forward go last one first, and those that go back first one first: each then finds the
    place of its neighbour empty.
    """
    moved: list[Dated] = []
    stayed: list[Dated] = []
    for each in sorted(dates, key=lambda one: one.starts_at, reverse=_forward(dates)):
        if not each.goes:
            stayed.append(each)
            continue
        try:
            guarded.change(session, visits[each.appointment], **planner.columns(each))
            moved.append(each)
        except guarded.Overlap as overlap:
            stayed.append(planner.refused(each, fate_of(overlap.rule)))
    return sorted(moved, key=_start), sorted(stayed, key=_start)


def _start(each: Dated) -> datetime:
    return each.starts_at


def _forward(dates: Sequence[Dated]) -> bool:
    first = dates[0]
    return first.instead_of is not None and first.starts_at > first.instead_of


def _tell_moved(session: Session, series: Series, scope: Scope, visits: Sequence[Appointment]) -> None:
    alone, patient = scope is Scope.THIS, patient_of(series)
    for visit in visits:
        within = None if alone else series.id
        event = AppointmentMoved(visit.id, patient, visit.practitioner_id, visit.version, within=within)
        publish(session, event)
    if not alone:
        publish(session, SeriesMoved(series.id, visits[0].id, patient, visits[0].practitioner_id))
