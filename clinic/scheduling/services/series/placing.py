"""Write the dates of a series: those that are free by one statement, those that go over others one by one.

Rooms are chosen under the lock of the site, before any date is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.ids import AppointmentId, SeriesId, new_id
from clinic.scheduling.models import Appointment, SeriesGap
from clinic.scheduling.models.guard import EX_PATIENT, EX_ROOM
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.series import Fate, Policy
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.scheduling.services import guarded
from clinic.scheduling.services.series.planning import Dated, Laid, Planner, refuse_clashes

_FATES = {EX_PATIENT: Fate.PATIENT_CLASH, EX_ROOM: Fate.NO_ROOM}


@dataclass(frozen=True, slots=True)
class _Row:
    """A date and the columns of its appointment."""

    dated: Dated
    values: Mapping[str, object]


def give_up_lapsed(session: Session, planner: Planner, dates: Sequence[Dated], now: datetime) -> None:
    """End lapsed holds in the way; those that live, the planner's own and open offers too, are clashes."""
    times = [planner.demand.busy(each.starts_at) for each in dates]
    busy = Interval(min(each.start for each in times), max(each.end for each in times))
    whose = planner.rounds
    patients = [whose.patient] if whose.patient else []
    guarded.give_up_lapsed(session, busy=busy, now=now, practitioner=whose.practitioner, patients=patients)
    for room in filter(None, {planner.room(each) for each in dates}):
        guarded.give_up_lapsed(session, room=room, busy=busy, now=now)


def place(
    session: Session,
    series_id: SeriesId | None,
    policy: Policy,
    laid: Laid,
    values: Mapping[str, object],
    *,
    first: AppointmentId | None = None,
    over: Mapping[str, object] | None = None,
) -> Sequence[Appointment]:
    """Write the dates that go and remember the others; raises Conflict when one was taken meanwhile.

    The first visit has the id `first`, where that was promised. `over` are columns of those that go over
    what is in their way.
    """
    given = iter([first] if first else [])
    always = {"series_id": series_id, "status": Status.BOOKED, "version": 1, **values}
    rows: dict[UUID, _Row] = {}
    for each in laid.dates:
        if each.goes:
            number, more = next(given, None) or new_id(), (over or {}) if each.over else {}
            rows[number] = _Row(each, {**laid.planner.columns(each), **always, **more, "id": number})
    refused = _place_all(session, rows)
    if refused:
        lost = {rows[number].dated.starts_at: fate_of(rule) for number, rule in refused.items()}
        dates = [
            laid.planner.refused(each, lost[each.starts_at]) if each.starts_at in lost else each
            for each in laid.dates
        ]
        refuse_clashes(dates, policy)
        laid = replace(laid, dates=dates)
    if series_id is not None:
        _remember_gaps(session, series_id, laid)
    placed = [number for number in rows if number not in refused]
    return sorted((session.get_one(Appointment, number) for number in placed), key=_start)


def fate_of(rule: str) -> Fate:
    """Return what a date has met that the database refused by `rule`."""
    return _FATES.get(rule, Fate.CLASH)


def _place_all(session: Session, rows: Mapping[UUID, _Row]) -> Mapping[UUID, str]:
    """Insert the appointments; return those that the database refused, with the rule."""
    plain = [row.values for row in rows.values() if not row.dated.over]
    refused = dict(guarded.place_many(session, plain))
    for number, row in rows.items():
        if not row.dated.over:
            continue
        try:
            guarded.place(session, row.values, forced=True)
        except guarded.Overlap as overlap:
            refused[number] = overlap.rule
    return refused


def _remember_gaps(session: Session, series_id: SeriesId, laid: Laid) -> None:
    for each in laid.dates:
        if not each.goes:
            original = to_wall(each.instead_of or each.starts_at, laid.tz)
            session.add(SeriesGap(series_id=series_id, local=wall_text(original), fate=each.fate))
    session.flush()


def _start(visit: Appointment) -> datetime:
    return visit.starts_at
