"""Opening hours as instants, for the staff calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import Schedule, Site
from clinic.scheduling.queries.practitioners import people
from clinic.scheduling.queries.schedules import weekly_rules
from clinic.scheduling.rules.availability import opening_hours
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import to_wall, wall_text


@dataclass(frozen=True, slots=True)
class OpenHours:
    """A stretch in which a practitioner is open for visits, on the clocks of their site."""

    practitioner: PractitionerId
    practitioner_name: str
    starts_at: datetime
    ends_at: datetime
    local: str
    local_end: str
    tz: str


def open_hours(session: Session, window: Interval, *, practitioner: PractitionerId | None) -> list[OpenHours]:
    """Return the openings that touch `window`, by practitioner's name and time."""
    chosen = (
        select(people.c.id, people.c.name, Site.tz)
        .join_from(people, Schedule, Schedule.practitioner_id == people.c.id)
        .join(Site, Site.id == Schedule.site_id)
        .order_by(people.c.name, people.c.id)
    )
    if practitioner is not None:
        chosen = chosen.where(people.c.id == practitioner)
    rows = session.execute(chosen).all()
    rules = weekly_rules(session, [row.id for row in rows])
    return [
        OpenHours(
            practitioner=row.id,
            practitioner_name=row.name,
            starts_at=item.start,
            ends_at=item.end,
            local=wall_text(to_wall(item.start, row.tz)),
            local_end=wall_text(to_wall(item.end, row.tz)),
            tz=row.tz,
        )
        for row in rows
        for item in opening_hours(rules.get(row.id, ()), window)
    ]
