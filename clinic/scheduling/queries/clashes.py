"""What stands in the way when a stretch is closed: what is booked in it, and colleagues who are away too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import (
    Appointment,
    AvailabilityRule,
    GroupSession,
    Schedule,
    ScheduleException,
)
from clinic.scheduling.queries.differences import differences
from clinic.scheduling.queries.groups import Row
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import span_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of somebody's diary, or of a site's."""

    interval: Interval
    practitioner: UUID | None = None
    site: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the condition that a visit or a session still ahead shares an instant with it."""
        owners = ((Appointment.practitioner_id, self.practitioner), (Appointment.site_id, self.site))
        return [
            *(column == owner for column, owner in owners if owner is not None),
            Appointment.status.in_(AHEAD),
            Appointment.starts_at < self.interval.end,
            Appointment.ends_at > self.interval.start,
        ]


def visits(session: Session, stretch: Stretch) -> Sequence[Appointment]:
    """Return the visits of one person each, by time."""
    chosen = select(Appointment).where(~Appointment.is_group, *stretch.conditions())
    return session.scalars(chosen.order_by(Appointment.starts_at, Appointment.id)).all()


def sessions(session: Session, stretch: Stretch) -> Sequence[Row]:
    """Return the sessions of groups, by time."""
    rows = session.execute(
        select(Appointment, GroupSession)
        .join(GroupSession, GroupSession.appointment_id == Appointment.id)
        .where(*stretch.conditions())
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [(row[0], row[1]) for row in rows]


def is_away(session: Session, practitioner: PractitionerId, stretch: Interval) -> bool:
    """Tell whether somebody is closed or on leave in a part of `stretch`."""
    start, end = span_of(stretch)
    found = differences(session, stretch, practitioner=practitioner).closed
    return any(span[0] < end and start < span[1] for spans in found.values() for span in spans)


def working_at(session: Session, site: UUID, *, since: date) -> Sequence[UUID]:
    """Return those whose own site this is, or whose hours or openings from `since` on name it, in order."""
    home = select(Schedule.practitioner_id).where(Schedule.site_id == site)
    rule, once = AvailabilityRule, ScheduleException
    in_force = or_(rule.valid_to.is_(None), rule.valid_to >= since)
    hours = select(rule.practitioner_id).where(rule.site_id == site, in_force)
    openings = select(once.practitioner_id).where(once.site_id == site, once.wall_end >= f"{since}")
    found = union(home, hours, openings).subquery()
    return session.scalars(select(found.c.practitioner_id).order_by(found.c.practitioner_id)).all()
