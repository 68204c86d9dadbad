"""What other weekly hours leave outside: visits, which stay, and holds, which end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, SiteId
from clinic.scheduling.models import Appointment, Schedule
from clinic.scheduling.queries import clashes
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.differences import OneOff, differences
from clinic.scheduling.queries.groups import Group
from clinic.scheduling.queries.hours import Hours
from clinic.scheduling.queries.stored import id_of
from clinic.scheduling.rules.availability import Modality, Week
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.shorter_hours import closes, week_at
from clinic.scheduling.rules.spans import span_of
from clinic.scheduling.services import guarded
from clinic.scheduling.services.reading import Reader, taken_in

_AHEAD = timedelta(days=5 * 366)  # a series has at most 52 dates, a month apart


@dataclass(frozen=True, eq=False, slots=True)
class Turn:
    """From the hours as they are to those to come, in the time ahead; `home` is the practitioner's site."""

    practitioner: PractitionerId
    home: UUID
    before: Hours
    after: Hours
    once: Sequence[OneOff]
    ahead: Interval
    _weeks: dict[tuple[SiteId | None, Modality], tuple[Week, Week]] = field(default_factory=dict)

    def leaves_out(self, row: Appointment, times: Interval) -> bool:
        """Tell whether a part of `times`, in which `row` is held, was open and is not any more."""
        where, way = row.site_id or self.home, row.modality
        before, after = self._at(None if where == self.home else SiteId(where), way)
        once = [one.span for one in self.once if id_of(one.site_key) == where and way in one.modalities]
        return closes(before, after, span_of(times), once)

    def _at(self, site: SiteId | None, way: Modality) -> tuple[Week, Week]:
        if (site, way) not in self._weeks:
            before, after = (
                week_at(hours.rules, hours.sets, site=site, modality=way)
                for hours in (self.before, self.after)
            )
            self._weeks[site, way] = before, after
        return self._weeks[site, way]


def turn(session: Session, schedule: Schedule, before: Hours, after: Hours, *, now: datetime) -> Turn:
    """Return the turn of somebody's hours at `now`, with what they open once besides."""
    who, ahead = PractitionerId(schedule.practitioner_id), Interval(now, now + _AHEAD)
    opened = differences(session, ahead, practitioner=who).opened
    once = [one for openings in opened.values() for one in openings]
    return Turn(who, schedule.site_id, before, after, once, ahead)


def booked(session: Session, reader: Reader, one: Turn) -> tuple[Sequence[Visit], Sequence[Group]]:
    """Return the visits and the sessions that a turn of hours leaves outside, as the reader sees them."""
    stretch = clashes.Stretch(one.ahead, practitioner=one.practitioner)
    return taken_in(session, reader, stretch, lambda row: one.leaves_out(row, row.visit))


def end_holds(session: Session, one: Turn) -> None:
    """End the holds that a turn of hours leaves outside, as whoever confirms one is told."""
    held = select(Appointment).where(
        Appointment.practitioner_id == one.practitioner,
        Appointment.status == Status.HELD,
        Appointment.busy_to > one.ahead.start,
    )
    for row in session.scalars(held.order_by(Appointment.id)).all():
        if one.leaves_out(row, Interval(row.busy_from, row.busy_to)):
            guarded.end_hold(session, row.id)
