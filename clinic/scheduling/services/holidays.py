"""The days on which a site is closed: proposed by calendars, decided and edited by the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.errors import Invalid, NotFound, PreconditionFailed
from clinic.scheduling.models import Holiday, Site
from clinic.scheduling.models.schedule import stretch_of
from clinic.scheduling.queries import clashes
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.groups import Group
from clinic.scheduling.queries.holidays import Kept, kept
from clinic.scheduling.rules.availability import Days, WallStretch
from clinic.scheduling.rules.exceptions import complaint
from clinic.scheduling.rules.holidays import Country, Proposal, country_of, proposals
from clinic.scheduling.services import guarded
from clinic.scheduling.services.reading import Reader, taken_in


@dataclass(frozen=True, slots=True)
class Wanted:
    """A holiday as it is entered: wall times at the site; with `closes` off the site is open as usual."""

    starts: datetime
    ends: datetime
    names: Mapping[str, str]
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Closing:
    """A holiday, and what is booked in it at the site."""

    holiday: Kept
    visits: Sequence[Visit]
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Year:
    """What is decided for a year, and what a calendar proposes beside it."""

    items: Sequence[Kept]
    proposals: Sequence[Proposal]
    country: Country | None


def year_of(session: Session, reader: Reader, site_id: UUID, year: int, country: Country | None) -> Year:
    """Return a site's holidays of a year; without `country` those of its zone are proposed."""
    site = _site(session, site_id)
    rows = session.scalars(
        select(Holiday)
        .where(
            Holiday.site_id == site_id,
            Holiday.wall_start < f"{year + 1}-01-01T00:00",
            Holiday.wall_end > f"{year}-01-01T00:00",
        )
        .order_by(Holiday.wall_start, Holiday.id)
    ).all()
    whose = country or country_of(site.tz)
    decided = [_days(row) for row in rows]
    open_ones = proposals(whose, year) if whose else []
    return Year(
        items=[kept(row, site, reader.language) for row in rows],
        proposals=[one for one in open_ones if not any(one.days.meet(days) for days in decided)],
        country=whose,
    )


def preview(session: Session, reader: Reader, site_id: UUID, new: Wanted) -> Closing:
    """Return what `add` would do, without doing it."""
    site = _site(session, site_id)
    row = _row(site, new, UUID(int=0))
    found = _closing(session, reader, row, site)
    return replace(found, holiday=replace(found.holiday, id=None))


def add(session: Session, reader: Reader, site_id: UUID, new: Wanted, number: UUID) -> Closing:
    """Enter a holiday; visits in it stay, holds in it end. Raises NotFound, and Invalid by field."""
    site = _site(session, site_id)
    _lock(session, site_id, new)
    row = _row(site, new, number)
    session.add(row)
    session.flush()
    _close(session, row, site)
    _record(session, reader, row, "holiday.add")
    return _closing(session, reader, row, site)


def change(session: Session, reader: Reader, site_id: UUID, number: UUID, new: Wanted, etag: str) -> Closing:
    """Replace a holiday as it was read; raises PreconditionFailed("holiday_changed")."""
    site, row = _site(session, site_id), _found(session, site_id, number)
    _lock(session, site_id, new)
    if etag != str(row.version):
        raise PreconditionFailed("holiday_changed")
    fresh = _row(site, new, number)
    row.wall_start, row.wall_end = fresh.wall_start, fresh.wall_end
    row.names, row.closes, row.version = fresh.names, fresh.closes, row.version + 1
    session.flush()
    _close(session, row, site)
    _record(session, reader, row, "holiday.edit")
    return _closing(session, reader, row, site)


def remove(session: Session, reader: Reader, site_id: UUID, number: UUID) -> None:
    """Forget a holiday, which a calendar may propose again; raises NotFound."""
    row = _found(session, site_id, number)
    session.delete(row)
    session.flush()
    _record(session, reader, row, "holiday.remove")


def closing_of(session: Session, reader: Reader, site_id: UUID, number: UUID) -> Closing:
    """Return a holiday with the visits in it now; raises NotFound."""
    return _closing(session, reader, _found(session, site_id, number), _site(session, site_id))


def _site(session: Session, site_id: UUID) -> Site:
    found = session.get(Site, site_id)
    if found is None:
        raise NotFound
    return found


def _found(session: Session, site_id: UUID, number: UUID) -> Holiday:
    row = session.get(Holiday, number)
    if row is None or row.site_id != site_id:
        raise NotFound
    return row


def _row(site: Site, new: Wanted, number: UUID) -> Holiday:
    names = {language: name for language, name in new.names.items() if name}
    errors = {} if names else {"names": ["A name is needed in one language."]}
    if wrong := complaint(WallStretch(new.starts, new.ends, site.tz)):
        errors["ends"] = [wrong]
    if errors:
        raise Invalid("invalid", errors=errors)
    return Holiday(
        id=number,
        site_id=site.id,
        wall_start=f"{new.starts:%Y-%m-%dT%H:%M}",
        wall_end=f"{new.ends:%Y-%m-%dT%H:%M}",
        names=names,
        closes=new.closes,
        version=1,
    )


def _lock(session: Session, site_id: UUID, new: Wanted) -> None:
    """Let nobody be booked at the site meanwhile, who is at home there or comes there."""
    guarded.lock_schedules(session, clashes.working_at(session, site_id, since=new.starts.date()))


def _close(session: Session, row: Holiday, site: Site) -> None:
    if row.closes:
        busy = stretch_of(row.wall_start, row.wall_end, site.tz).interval
        guarded.end_holds(session, busy=busy, site=site.id)


def _closing(session: Session, reader: Reader, row: Holiday, site: Site) -> Closing:
    holiday = kept(row, site, reader.language)
    if not row.closes:
        return Closing(holiday, [], [])
    busy = stretch_of(row.wall_start, row.wall_end, site.tz).interval
    visits, groups = taken_in(session, reader, clashes.Stretch(busy, site=site.id))
    if visits:
        _record(session, reader, row, "appointment.list")
    return Closing(holiday, visits, groups)


def _days(row: Holiday) -> Days:
    last = datetime.fromisoformat(row.wall_end)
    whole = timedelta(days=1) if last.time() == time() else timedelta(0)
    return Days(date.fromisoformat(row.wall_start[:10]), last.date() - whole)


def _record(session: Session, reader: Reader, row: Holiday, action: str) -> None:
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action=action,
        object_type="site",
        object_id=row.site_id,
    )
