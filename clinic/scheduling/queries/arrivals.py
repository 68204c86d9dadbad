"""The visits that the desk looks after now, with what was seen of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.scheduling.models import Absence, Appointment, Attendance
from clinic.scheduling.models.appointment import Seat
from clinic.scheduling.rules.arrivals import AbsenceReason, Presence
from clinic.scheduling.rules.booking import AHEAD, Status
from clinic.scheduling.rules.intervals import Interval

UNSETTLED_FOR = timedelta(days=7)
MOST = 5_000
MOST_LEFT = 500  # of visits that nobody has settled for days, the last; they crowd out no visit of today
_LEFT = frozenset({*AHEAD, Status.NOSHOW})
_SHOWN = frozenset({*AHEAD, Status.NOSHOW, Status.FULFILLED})


def of_the_day(session: Session, *, day: Interval, now: datetime) -> Sequence[Appointment]:
    """Return the visits of `day`, and of the week before the last that are unsettled or missed, by time."""
    starts, by_time = Appointment.starts_at, (Appointment.starts_at, Appointment.id)
    own = select(Appointment).where(Appointment.patient_id.is_not(None))
    today = own.where(starts >= day.start, starts < day.end, Appointment.status.in_(_SHOWN))
    left = own.where(starts >= now - UNSETTLED_FOR, starts < day.start, Appointment.status.in_(_LEFT))
    last = left.order_by(*(one.desc() for one in by_time)).limit(MOST_LEFT)
    return [*reversed(session.scalars(last).all()), *session.scalars(today.order_by(*by_time).limit(MOST))]


def presences(session: Session, appointment_ids: Iterable[UUID]) -> Mapping[UUID, Presence]:
    """Return when each side was first in the room, by visit; a visit that nobody entered is left out."""
    first: defaultdict[UUID, dict[Seat, datetime]] = defaultdict(dict)
    rows = session.execute(
        select(Attendance.appointment_id, Attendance.seat, func.min(Attendance.joined_at))
        .where(Attendance.appointment_id.in_(list(appointment_ids)))
        .group_by(Attendance.appointment_id, Attendance.seat)
    )
    for appointment_id, seat, joined_at in rows:
        first[appointment_id][seat] = joined_at
    return {
        number: Presence(seen.get(Seat.PATIENT), seen.get(Seat.PRACTITIONER))
        for number, seen in first.items()
    }


def reasons(session: Session, appointment_ids: Iterable[UUID]) -> Mapping[UUID, AbsenceReason]:
    """Return why people did not come, by visit, where somebody noted it."""
    rows = session.execute(
        select(Absence.appointment_id, Absence.reason).where(
            Absence.appointment_id.in_(list(appointment_ids))
        )
    )
    return {row.appointment_id: row.reason for row in rows}
