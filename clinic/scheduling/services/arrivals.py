"""The desk's day: who is due, late, here, or perhaps not coming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from clinic import audit
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import arrivals
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.rules.arrivals import (
    AbsenceReason,
    Presence,
    Situation,
    Standing,
    late_by,
    minutes,
    standing,
)
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import to_utc, to_wall
from clinic.scheduling.services.reading import Reader, shown

_NEVER_SEEN = Presence()
_APART = timedelta(hours=3)  # Palestine and Morocco in summer


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit with how it stands, and what is known of who came."""

    visit: Visit
    standing: Standing
    minutes: int
    late_by: int
    presence: Presence
    absence: AbsenceReason | None


def arrivals_of_the_day(session: Session, reader: Reader, *, tz: str) -> list[Arrival]:
    """Return the day of the clinic in `tz` for the desk, by time; leaves a trace."""
    now = reader.clock.now()
    rows = arrivals.of_the_day(session, day=_day(now, tz), now=now)
    seen = arrivals.presences(session, [row.id for row in rows])
    why = arrivals.reasons(session, [row.id for row in rows])
    audit.record(
        session, actor=reader.actor, clock=reader.clock, action="arrivals.read", object_type="calendar"
    )
    visits = shown(session, reader, rows)
    return [
        _arrival(row, visit, seen.get(row.id, _NEVER_SEEN), why.get(row.id), now)
        for row, visit in zip(rows, visits, strict=True)
    ]


def _arrival(
    row: Appointment, visit: Visit, presence: Presence, absence: AbsenceReason | None, now: datetime
) -> Arrival:
    situation = Situation(row.status, row.modality, row.visit, row.checked_in_at, presence)
    return Arrival(
        visit=visit,
        standing=standing(situation, now),
        minutes=minutes(situation, now),
        late_by=late_by(situation),
        presence=presence,
        absence=absence,
    )


def _day(now: datetime, tz: str) -> Interval:
    """Return today at the clinic, and at its sites in other zones."""
    today = to_wall(now, tz).date()
    midnight = to_utc(datetime.combine(today, time.min), tz)
    after = to_utc(datetime.combine(today + timedelta(days=1), time.min), tz)
    return Interval((midnight - _APART).astimezone(UTC), (after + _APART).astimezone(UTC))
