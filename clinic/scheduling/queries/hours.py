"""Opening hours as people read them: the document that they edit, and stretches for the staff calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import AvailabilityRule, AvailabilitySet
from clinic.scheduling.queries.differences import differences
from clinic.scheduling.queries.openings import hours_of
from clinic.scheduling.queries.places import places
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.availability import HoursSet, WeeklyRule
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import instant_of, span_of
from clinic.scheduling.rules.zones import to_wall, wall_text


@dataclass(frozen=True, slots=True)
class Hours:
    """One practitioner's usual hours, and the sets of other hours that hold for a while."""

    rules: Sequence[WeeklyRule]
    sets: Sequence[HoursSet] = ()


@dataclass(frozen=True, slots=True)
class OpenHours:
    """A stretch in which a practitioner is open for visits, on the clocks of the site."""

    practitioner: PractitionerId
    practitioner_name: str
    site: UUID
    starts_at: datetime
    ends_at: datetime
    local: str
    local_end: str
    tz: str


def document(session: Session, practitioner: PractitionerId) -> Hours:
    """Return the usual hours and the sets of one practitioner."""
    kept = session.scalars(
        select(AvailabilitySet)
        .where(AvailabilitySet.practitioner_id == practitioner)
        .order_by(AvailabilitySet.first_day, AvailabilitySet.id)
    ).all()
    rules: defaultdict[UUID | None, list[WeeklyRule]] = defaultdict(list)
    for row in session.scalars(
        select(AvailabilityRule)
        .where(AvailabilityRule.practitioner_id == practitioner)
        .order_by(AvailabilityRule.weekday, AvailabilityRule.starts, AvailabilityRule.id)
    ):
        rules[row.set_id].append(row.rule)
    return Hours(rules[None], [HoursSet(row.kind, row.days, tuple(rules[row.id])) for row in kept])


def open_hours(session: Session, window: Interval, *, practitioner: PractitionerId | None) -> list[OpenHours]:
    """Return the openings that touch `window`, by practitioner's name and time."""
    changes = differences(session, window, practitioner=practitioner)
    found = places(session, None, Wish(practitioner), changes.once)
    return [
        OpenHours(
            practitioner=place.practitioner,
            practitioner_name=place.name,
            site=place.site,
            starts_at=instant_of(start),
            ends_at=instant_of(end),
            local=wall_text(to_wall(instant_of(start), place.tz)),
            local_end=wall_text(to_wall(instant_of(end), place.tz)),
            tz=place.tz,
        )
        for place in sorted(found, key=lambda place: (place.name, place.key, place.site_key))
        for start, end in hours_of(place, changes, span_of(window))
    ]
