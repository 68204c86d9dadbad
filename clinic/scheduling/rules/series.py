"""What becomes of each date of a series: free, or why not, and which times near it are free instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic.ids import PractitionerId, SiteId
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.rooms import NO_ROOMS, Rooms
from clinic.scheduling.rules.slots import Demand, Diary, Slot, offers, slots
from clinic.scheduling.rules.spans import Span, merged, span_of

_NEAR = timedelta(days=3)
_ALTERNATIVES = 3


class Fate(StrEnum):
    """What a date of a series meets with."""

    FREE = "free"
    CLASH = "clash"
    PATIENT_CLASH = "patient_clash"
    OUTSIDE_HOURS = "outside_hours"
    RESERVED = "reserved"
    NO_ROOM = "no_room"
    LEAVE = "leave"
    HOLIDAY = "holiday"
    LEFT_OUT = "left_out"


class Policy(StrEnum):
    """What a series does about dates that are taken: give up whole, or go without them."""

    ALL_OR_NONE = "all_or_none"
    SKIP = "skip"


# Nobody works then: such a date is left out whatever the policy, and listed.
NO_WORK = frozenset({Fate.LEAVE, Fate.HOLIDAY, Fate.LEFT_OUT})
# The desk may book over these on purpose; nobody is put in two visits of their own.
NOT_FIRM = frozenset({Fate.CLASH, Fate.OUTSIDE_HOURS, Fate.RESERVED, Fate.LEAVE, Fate.HOLIDAY, Fate.NO_ROOM})


@dataclass(frozen=True, slots=True)
class Workplace:
    """A site where the practitioner works: `weekly` are the hours there before anything is taken off.

    `rooms` are those that the visits need there, if any.
    """

    id: SiteId
    tz: str
    weekly: Sequence[Interval]
    holidays: Sequence[Interval]
    rooms: Rooms = NO_ROOMS


@dataclass(frozen=True, slots=True)
class Diaries:
    """What stands in the way of a series, at the practitioner's own site and then at others.

    `busy` are the practitioner's other visits with their buffers, `own` the patient's without; `reserved` is
    kept for urgent requests. All are sorted by start.
    """

    practitioner: PractitionerId
    sites: Sequence[Workplace]
    leave: Sequence[Interval]
    busy: Sequence[Interval]
    own: Sequence[Interval]
    reserved: Sequence[Interval] = ()

    def open_at(self, demand: Demand, starts_at: datetime) -> Workplace | None:
        """Return where a visit falls into the hours, a site without a holiday then first; None is nowhere."""
        found = [site for site in self.sites if offers(self._hours(site), demand, starts_at)]
        working = (site for site in found if not _hits(site.holidays, demand.busy(starts_at)))
        return next(working, found[0] if found else None)

    def site_at(self, demand: Demand, starts_at: datetime) -> Workplace:
        """Return where a visit would be: where it falls into the hours, or else at the own site."""
        return self.open_at(demand, starts_at) or self.sites[0]

    def _hours(self, site: Workplace) -> Diary:
        return Diary(self.practitioner, _spans(site.weekly), (), site.id)


def fate(diaries: Diaries, demand: Demand, starts_at: datetime) -> Fate:
    """Tell what a visit at `starts_at` meets with; of several reasons the one that lasts longest."""
    return next(_met(diaries, demand, starts_at), Fate.FREE)


def _met(diaries: Diaries, demand: Demand, starts_at: datetime) -> Iterator[Fate]:
    busy, visit = demand.busy(starts_at), Interval(starts_at, starts_at + demand.length)
    site = diaries.open_at(demand, starts_at)
    if any(_hits(one.holidays, busy) for one in ([site] if site else diaries.sites)):
        yield Fate.HOLIDAY
    if _hits(diaries.leave, busy):
        yield Fate.LEAVE
    if site is None:
        yield Fate.OUTSIDE_HOURS
    if _hits(diaries.reserved, busy):
        yield Fate.RESERVED
    if _hits(diaries.busy, busy):
        yield Fate.CLASH
    if _hits(diaries.own, visit):
        yield Fate.PATIENT_CLASH
    if not diaries.site_at(demand, starts_at).rooms.has(busy):
        yield Fate.NO_ROOM


def near(diaries: Diaries, demand: Demand, starts_at: datetime, *, now: datetime) -> list[datetime]:
    """Return up to three free times within three days of `starts_at`, the nearest first."""
    window = Interval(max(now, starts_at - _NEAR), starts_at + _NEAR)
    taken = [*diaries.busy, *diaries.own, *diaries.leave, *diaries.reserved]
    free = [
        Diary(diaries.practitioner, _spans(site.weekly), _spans([*taken, *site.holidays]), site.id)
        for site in diaries.sites
    ]
    rooms = {site.id: site.rooms for site in diaries.sites}
    found = slots(free, demand, window)

    def distance(slot: Slot) -> tuple[bool, timedelta, datetime]:
        away = abs(slot.starts_at - starts_at)
        return away >= timedelta(hours=12), away, slot.starts_at

    fits = (slot for slot in found if slot.site and rooms[slot.site].has(demand.busy(slot.starts_at)))
    return [slot.starts_at for slot in sorted(fits, key=distance)[:_ALTERNATIVES]]


def _spans(intervals: Sequence[Interval]) -> list[Span]:
    return merged(map(span_of, intervals))


def _hits(taken: Sequence[Interval], wanted: Interval) -> bool:
    return any(item.overlaps(wanted) for item in taken)
