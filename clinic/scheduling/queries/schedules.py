"""Who offers a service, their opening hours and what they are busy with: one statement each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, or_, select, type_coerce
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
    """A practitioner who could hold the visit; `tz` is the zone of their `site`."""

    id: PractitionerId
    name: str
    tz: str
    site: UUID


def candidates(session: Session, service_id: ServiceId, wish: Wish) -> dict[PractitionerId, Candidate]:
    """Return those who offer the service and fit the wish."""
    rows = session.execute(
        select(people.c.id, people.c.name, Site.tz, Schedule.site_id)
        .join_from(people, PractitionerService, PractitionerService.practitioner_id == people.c.id)
        .join(Schedule, Schedule.practitioner_id == people.c.id)
        .join(Site, Site.id == Schedule.site_id)
        .where(PractitionerService.service_id == service_id, *wish.conditions())
        .order_by(people.c.id)
    )
    return {row.id: Candidate(row.id, row.name, row.tz, row.site_id) for row in rows}


def weekly_rules(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[WeeklyRule]]:
    """Return the opening rules of the practitioners `ids`."""
    rules = AvailabilityRule.__table__.c
    rows = session.execute(
        select(
            type_coerce(rules.practitioner_id, String),
            rules.weekday,
            rules.starts,
            rules.ends,
            rules.tz,
            rules.valid_from,
            rules.valid_to,
            type_coerce(rules.modalities, String),
        )
        .where(rules.practitioner_id.in_(ids))
        .order_by(rules.practitioner_id, rules.weekday, rules.starts, rules.id)
    )
    whose = _by_stored(ids)
    return {whose[who]: [_rule(*row[1:]) for row in group] for who, group in groupby(rows, itemgetter(0))}


@lru_cache(maxsize=4096)
def _rule(
    weekday: int, start: time, end: time, tz: str, valid_from: date, valid_to: date | None, codes: str
) -> WeeklyRule:
    """Return the rule of a row; those of colleagues with the same hours are one object."""
    modalities = frozenset(Modality(code) for code in codes.strip("|").split("|"))
    return WeeklyRule(weekday, start, end, tz, valid_from, valid_to, modalities)


def busy_times(
    session: Session, ids: Collection[UUID], window: Interval, now: datetime
) -> Mapping[UUID, list[Interval]]:
    """Return what the practitioners are busy with in `window`, sorted; lapsed holds do not count."""
    row = Appointment.__table__.c
    rows = session.execute(
        select(type_coerce(row.practitioner_id, String), row.busy_from, row.busy_to)
        .where(
            row.practitioner_id.in_(ids),
            row.busy_from < window.end,
            row.busy_from > window.start - _LONGEST,
            row.busy_to > window.start,
            is_live(now),
        )
        .order_by(row.practitioner_id, row.busy_from)
    )
    whose = _by_stored(ids)
    return {
        whose[who]: [Interval(start, end) for _, start, end in group]
        for who, group in groupby(rows, itemgetter(0))
    }


def _by_stored(ids: Collection[UUID]) -> Mapping[object, UUID]:
    """Return the ids by what the databases keep: making a UUID of each row is half a search's time."""
    return {stored: one for one in ids for stored in (one, one.hex)}


def is_live(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an appointment takes its time at `now`."""
    return and_(
        Appointment.status.in_(LIVE),
        or_(Appointment.status != Status.HELD, Appointment.hold_expires_at > now),
    )
