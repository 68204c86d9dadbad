"""Who offers a service, their opening hours and what they are busy with: one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.models import (
    Appointment,
    AvailabilityRule,
    PractitionerService,
    Schedule,
    Site,
)
from clinic.scheduling.queries.practitioners import Wish, people
from clinic.scheduling.rules.availability import Modality, WeeklyRule
from clinic.scheduling.rules.booking import LIVE, Status
from clinic.scheduling.rules.intervals import Interval

_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A practitioner who could hold the visit; `tz` is the zone of their site."""

    id: PractitionerId
    name: str
    tz: str


def candidates(session: Session, service_id: ServiceId, wish: Wish) -> dict[PractitionerId, Candidate]:
    """Return those who offer the service and fit the wish."""
    rows = session.execute(
        select(people.c.id, people.c.name, Site.tz)
        .join_from(people, PractitionerService, PractitionerService.practitioner_id == people.c.id)
        .join(Schedule, Schedule.practitioner_id == people.c.id)
        .join(Site, Site.id == Schedule.site_id)
        .where(PractitionerService.service_id == service_id, *wish.conditions())
        .order_by(people.c.id)
    )
    return {row.id: Candidate(row.id, row.name, row.tz) for row in rows}


def weekly_rules(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[WeeklyRule]]:
    """Return the opening rules of the practitioners `ids`."""
    rules = AvailabilityRule
    rows = session.execute(
        select(
            rules.practitioner_id,
            rules.weekday,
            rules.starts,
            rules.ends,
            rules.tz,
            rules.valid_from,
            rules.valid_to,
            rules.modalities,
        )
        .where(rules.practitioner_id.in_(ids))
        .order_by(rules.practitioner_id, rules.weekday, rules.starts, rules.id)
    )
    found: defaultdict[UUID, list[WeeklyRule]] = defaultdict(list)
    for who, weekday, start, end, tz, valid_from, valid_to, modalities in rows:
        allowed = frozenset(Modality(code) for code in modalities)
        found[who].append(WeeklyRule(weekday, start, end, tz, valid_from, valid_to, allowed))
    return found


def busy_times(
    session: Session, ids: Collection[UUID], window: Interval, now: datetime
) -> Mapping[UUID, list[Interval]]:
    """Return what the practitioners are busy with in `window`, sorted; lapsed holds do not count."""
    rows = session.execute(
        select(Appointment.practitioner_id, Appointment.busy_from, Appointment.busy_to)
        .where(
            Appointment.practitioner_id.in_(ids),
            Appointment.busy_from < window.end,
            Appointment.busy_from > window.start - _LONGEST,
            Appointment.busy_to > window.start,
            is_live(now),
        )
        .order_by(Appointment.practitioner_id, Appointment.busy_from)
    )
    found: defaultdict[UUID, list[Interval]] = defaultdict(list)
    for who, busy_from, busy_to in rows:
        found[who].append(Interval(busy_from, busy_to))
    return found


def is_live(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an appointment takes its time at `now`."""
    return and_(
        Appointment.status.in_(LIVE),
        or_(Appointment.status != Status.HELD, Appointment.hold_expires_at > now),
    )
