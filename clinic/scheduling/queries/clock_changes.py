"""Coming visits whose zone rules have changed since their wall time was promised."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.clock_changes import Promise
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import tzdb_version


def outdated(session: Session, *, now: datetime) -> Sequence[Appointment]:
    """Return coming visits of one patient that were made under other zone rules than ours, by time."""
    return session.scalars(
        select(Appointment)
        .where(Appointment.status.in_(AHEAD), Appointment.starts_at > now, Appointment.tzdb != tzdb_version())
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def moved(session: Session, *, now: datetime) -> list[Appointment]:
    """Return those of the outdated visits whose wall time is another instant by now, by time.

    Sessions of groups are planned anew, since their members' days are looked at, too.
    """
    return [row for row in outdated(session, now=now) if shift_of(row) and not row.is_group]


def shift_of(row: Appointment) -> timedelta:
    """Return how far a visit moves so that its wall time stays."""
    return Promise(row.wall_start, row.tz, row.starts_at).shift


def in_the_way(
    session: Session, row: Appointment, *, besides: Collection[UUID], now: datetime
) -> Appointment | None:
    """Return a visit that takes the time to which `row` moves, those `besides` left out."""
    shift = shift_of(row)
    busy = Interval(row.busy_from + shift, row.busy_to + shift)
    visit = Interval(row.starts_at + shift, row.ends_at + shift)
    theirs = (Appointment.practitioner_id == row.practitioner_id) & (
        (Appointment.busy_from < busy.end) & (Appointment.busy_to > busy.start)
    )
    own = (Appointment.patient_id == row.patient_id) & (
        (Appointment.starts_at < visit.end) & (Appointment.ends_at > visit.start)
    )
    found = session.scalars(
        select(Appointment).where(
            Appointment.id != row.id,
            is_live(now),
            theirs if row.patient_id is None else or_(theirs, own),
        )
    )
    return next((one for one in found if one.id not in besides), None)
