"""What becomes of each date of a series: free, or why not, and which times near it are free instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic.ids import PractitionerId
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
class Diaries:
    """What stands in the way of a series: `weekly` are opening hours before leave and holidays are taken off.

    `busy` are the practitioner's other visits with their buffers, `own` the patient's without; `reserved` is
    kept for urgent requests. All are sorted by start. `rooms` are those that the visits need, if any.
    """

    practitioner: PractitionerId
    weekly: Sequence[Interval]
    leave: Sequence[Interval]
    holidays: Sequence[Interval]
    busy: Sequence[Interval]
    own: Sequence[Interval]
    reserved: Sequence[Interval] = ()
    rooms: Rooms = NO_ROOMS


def fate(diaries: Diaries, demand: Demand, starts_at: datetime) -> Fate:
    """Tell what a visit at `starts_at` meets with; of several reasons the one that lasts longest."""
    return next(_met(diaries, demand, starts_at), Fate.FREE)


def _met(diaries: Diaries, demand: Demand, starts_at: datetime) -> Iterator[Fate]:
    busy, visit = demand.busy(starts_at), Interval(starts_at, starts_at + demand.length)
    if _hits(diaries.holidays, busy):
        yield Fate.HOLIDAY
    if _hits(diaries.leave, busy):
        yield Fate.LEAVE
    if not offers(Diary(diaries.practitioner, _spans(diaries.weekly), ()), demand, starts_at):
        yield Fate.OUTSIDE_HOURS
    if _hits(diaries.reserved, busy):
        yield Fate.RESERVED
    if _hits(diaries.busy, busy):
        yield Fate.CLASH
    if _hits(diaries.own, visit):
        yield Fate.PATIENT_CLASH
    if not diaries.rooms.has(busy):
        yield Fate.NO_ROOM


def near(diaries: Diaries, demand: Demand, starts_at: datetime, *, now: datetime) -> list[datetime]:
    """Return up to three free times within three days of `starts_at`, the nearest first."""
    window = Interval(max(now, starts_at - _NEAR), starts_at + _NEAR)
    taken = _spans([*diaries.busy, *diaries.own, *diaries.leave, *diaries.holidays, *diaries.reserved])
    found = slots([Diary(diaries.practitioner, _spans(diaries.weekly), taken)], demand, window)

    def distance(slot: Slot) -> tuple[bool, timedelta, datetime]:
        away = abs(slot.starts_at - starts_at)
        return away >= timedelta(hours=12), away, slot.starts_at

    fits = (slot for slot in found if diaries.rooms.has(demand.busy(slot.starts_at)))
    return [slot.starts_at for slot in sorted(fits, key=distance)[:_ALTERNATIVES]]


def _spans(intervals: Sequence[Interval]) -> list[Span]:
    return merged(map(span_of, intervals))


def _hits(taken: Sequence[Interval], wanted: Interval) -> bool:
    return any(item.overlaps(wanted) for item in taken)
