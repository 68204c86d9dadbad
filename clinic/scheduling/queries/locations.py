"""Rooms and what takes them, for the search and for whoever chooses one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from clinic.scheduling.models import (
    Appointment,
    AvailabilityRule,
    Location,
    Schedule,
    ScheduleException,
    Site,
)
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.rules.booking import LONGEST
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.rooms import NO_ROOMS, Room, Rooms

_ROOMS = select(Location.id, Location.name, Location.site_id).where(Location.active)
_AHEAD = timedelta(days=7)


def sites_of(session: Session, practitioners: Collection[UUID]) -> Sequence[UUID]:
    """Return the sites where practitioners hold visits: their own, by their hours or once; in order."""
    named = (
        select(one.site_id).where(one.practitioner_id.in_(practitioners), one.site_id.is_not(None))
        for one in (Schedule, AvailabilityRule, ScheduleException)
    )
    found = union(*named).subquery()
    return session.scalars(select(found.c.site_id).order_by(found.c.site_id)).all()


def rooms_of(
    session: Session,
    sites: Collection[UUID],
    window: Interval,
    now: datetime,
    *,
    ignoring: Collection[UUID | None] = (),
) -> Mapping[UUID, Rooms]:
    """Return the active rooms of `sites` and what takes them in `window`, the visits `ignoring` aside."""
    found = {site: rooms for site, rooms in active_rooms(session).items() if site in sites}
    return _with_visits(session, found, window, now, ignoring)


def active_rooms(session: Session) -> Mapping[UUID, Sequence[Room]]:
    """Return the rooms that take visits, by site, each site's in order; a clinic has few."""
    found: defaultdict[UUID, list[Room]] = defaultdict(list)
    for row in session.execute(_ROOMS):
        found[row.site_id].append(Room(row.id, row.name))
    return {site: sorted(rooms, key=lambda room: room.place) for site, rooms in found.items()}


def rooms_at(
    session: Session, site: UUID, window: Interval, now: datetime, *, ignoring: Collection[UUID | None] = ()
) -> Rooms:
    """Return the rooms of one site as `rooms_of` does."""
    return rooms_of(session, [site], window, now, ignoring=ignoring).get(site, NO_ROOMS)


class RoomWatch:
    """Whether rooms are free, for a search that goes forward in time: it reads a week at a time."""

    def __init__(self, session: Session, rooms: Mapping[UUID, Sequence[Room]], now: datetime) -> None:
        """Watch the `rooms`, by site."""
        self._session, self._watched, self._now = session, rooms, now
        self._rooms: Mapping[UUID, Rooms] = {}
        self._read = Interval(now, now)

    def has(self, site: UUID, wanted: Interval) -> bool:
        """Tell whether an in-person visit that takes `wanted` finds a room at `site`."""
        if site not in self._watched:
            return True  # a site without any does not manage rooms
        if not (self._read.start <= wanted.start and wanted.end <= self._read.end):
            self._read = Interval(wanted.start, wanted.end + _AHEAD)
            self._rooms = _with_visits(self._session, self._watched, self._read, self._now)
        return self._rooms[site].has(wanted)


def names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return what the rooms `ids` are called."""
    if not ids:
        return {}
    return {row.id: row.name for row in session.scalars(select(Location).where(Location.id.in_(ids)))}


def names_of_sites(session: Session) -> Mapping[UUID, Mapping[str, str]]:
    """Return what every site is called, by language."""
    return {id_: names for id_, names in session.execute(select(Site.id, Site.names))}


def site_names(session: Session, ids: Collection[UUID], language: str) -> Mapping[UUID, str]:
    """Return what the sites `ids` are called in `language`."""
    return {row.id: row.name(language) for row in session.scalars(select(Site).where(Site.id.in_(ids)))}


def _with_visits(
    session: Session,
    rooms: Mapping[UUID, Sequence[Room]],
    window: Interval,
    now: datetime,
    ignoring: Collection[UUID | None] = (),
) -> Mapping[UUID, Rooms]:
    busy = _busy(session, [room.id for one in rooms.values() for room in one], window, now, ignoring)
    return {site: Rooms(one, busy) for site, one in rooms.items()}


def _busy(
    session: Session,
    rooms: Collection[UUID],
    window: Interval,
    now: datetime,
    ignoring: Collection[UUID | None],
) -> Mapping[UUID, list[Interval]]:
    found: defaultdict[UUID, list[Interval]] = defaultdict(list)
    if not rooms:
        return found
    rows = session.execute(
        select(Appointment.id, Appointment.room_id, Appointment.busy_from, Appointment.busy_to)
        .where(
            Appointment.room_id.in_(rooms),
            Appointment.busy_from < window.end,
            Appointment.busy_from > window.start - LONGEST,
            Appointment.busy_to > window.start,
            is_live(now),
        )
        .order_by(Appointment.room_id, Appointment.busy_from)
    )
    for row in rows:
        if row.id not in ignoring:
            found[row.room_id].append(Interval(row.busy_from, row.busy_to))
    return found
