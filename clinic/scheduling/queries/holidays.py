"""The days on which sites are closed, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.scheduling.models import Holiday, Site
from clinic.scheduling.models.schedule import stretch_of
from clinic.scheduling.rules.intervals import Interval

_ZONES = timedelta(days=1)  # how far wall times and instants may lie apart, and more


@dataclass(frozen=True, slots=True)
class Kept:
    """A holiday that was decided on."""

    id: UUID | None
    site: UUID
    starts: str
    ends: str
    tz: str
    starts_at: datetime
    ends_at: datetime
    names: Mapping[str, str]
    name: str
    closes: bool
    version: int


def in_window(session: Session, window: Interval, language: str) -> list[Kept]:
    """Return the holidays that close a site in `window`, by time."""
    found = session.execute(
        select(Holiday, Site)
        .join(Site, Site.id == Holiday.site_id)
        .where(
            Holiday.closes,
            Holiday.wall_start < f"{window.end + _ZONES:%Y-%m-%dT%H:%M}",
            Holiday.wall_end > f"{window.start - _ZONES:%Y-%m-%dT%H:%M}",
        )
        .order_by(Holiday.wall_start, Holiday.id)
    )
    near = [kept(row, site, language) for row, site in found]
    return [one for one in near if one.starts_at < window.end and one.ends_at > window.start]


def kept(row: Holiday, site: Site, language: str) -> Kept:
    """Return a row as it is read in `language`."""
    interval = stretch_of(row.wall_start, row.wall_end, site.tz).interval
    return Kept(
        id=row.id,
        site=site.id,
        starts=row.wall_start,
        ends=row.wall_end,
        tz=site.tz,
        starts_at=interval.start,
        ends_at=interval.end,
        names=row.names,
        name=row.name(language),
        closes=row.closes,
        version=row.version,
    )
