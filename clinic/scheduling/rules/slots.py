"""Free slots: sweep open minus busy for each practitioner, merge by time, stop when there are enough."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain, count, repeat

from clinic.ids import PractitionerId, SiteId
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import Span, instant_of, minus, second_of, seconds
from clinic.scheduling.rules.zones import to_wall

_INSTANT = timedelta(microseconds=1)
_SHORTEST_WINDOW = timedelta(hours=1)
_AT_ONCE = 32  # diaries whose whole day is read in one go; of more of them less of the day is needed


class DayPart(StrEnum):
    """A part of the day on the wall clock of the site."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @classmethod
    def of(cls, hour: int) -> DayPart:
        """Return the part in which `hour` lies: afternoon begins at 12, evening at 17."""
        if hour < 12:
            return cls.MORNING
        return cls.AFTERNOON if hour < 17 else cls.EVENING


@dataclass(frozen=True, slots=True)
class Demand:
    """The time a visit takes: its length, the buffers around it, and the grid its start lies on."""

    length: timedelta
    before: timedelta
    after: timedelta
    grid: timedelta

    def busy(self, starts_at: datetime) -> Interval:
        """Return what the practitioner is busy for when the visit starts at `starts_at`."""
        return Interval(starts_at - self.before, starts_at + self.length + self.after)

    def reach(self, window: Interval) -> Interval:
        """Return the stretch that visits starting in `window` may touch."""
        return window.widened(self.before, self.length + self.after)

    @property
    def pace(self) -> Pace:
        """Return the lengths in seconds."""
        ahead, whole = seconds(self.before), seconds(self.length + self.after)
        return Pace(ahead, whole, seconds(self.grid))


@dataclass(frozen=True, slots=True)
class Pace:
    """A demand in seconds: `before` a start and from it on to the end of what it takes, on a grid."""

    before: int
    onward: int
    grid: int

    def starts(self, free: Span, within: Span) -> range:
        """Return the seconds of `within` at which a visit may start in `free`."""
        first, last = free[0] + self.before, free[1] - self.onward
        first = max(first, within[0])
        if last >= within[1]:
            last = within[1] - 1
        return range(first + -first % self.grid, last + 1, self.grid)


@dataclass(frozen=True, slots=True)
class Diary:
    """One practitioner's opening hours at one site, and their busy stretches; each sorted by start."""

    practitioner: PractitionerId
    open: Sequence[Span]
    busy: Sequence[Span]
    site: SiteId | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A visit that could be booked."""

    practitioner: PractitionerId
    site: SiteId | None
    starts_at: datetime
    ends_at: datetime


def slots(diaries: Iterable[Diary], demand: Demand, window: Interval) -> Iterator[Slot]:
    """Yield everybody's slots that start in `window`, lazily: by time, then in an order that favours no name.

    Somebody who could see a patient at two sites at once is offered at the first of them.
    """
    shown, pace = list(diaries), demand.pace
    within = _ceiling(window.start), _ceiling(window.end)
    streams = []
    for number, diary in enumerate(shown):
        found = [r for free in minus(diary.open, diary.busy) if (r := pace.starts(free, within))]
        if found:
            rank = diary.practitioner.int
            streams.append(zip(chain.from_iterable(found), repeat(rank), repeat(number)))
    last: tuple[int, int] | None = None
    for second, rank, number in heapq.merge(*streams):
        if (second, rank) != last:
            last = second, rank
            start = instant_of(second)
            yield Slot(shown[number].practitioner, shown[number].site, start, start + demand.length)


def _ceiling(instant: datetime) -> int:
    return second_of(instant) + (instant.microsecond > 0)


def offers(diary: Diary, demand: Demand, starts_at: datetime) -> bool:
    """Tell whether the search would offer a visit at exactly `starts_at`."""
    return any(slots([diary], demand, Interval(starts_at, starts_at + _INSTANT)))


def _always(instant: datetime) -> datetime | None:
    return instant


def growing_windows(
    whole: Interval,
    diaries: int = 1,
    opens: Callable[[datetime], datetime | None] = _always,
    guess: timedelta | None = None,
) -> Iterator[Interval]:
    """Split `whole` into windows, each twice the last, so that a search seldom reads far ahead.

    The first is a day, and shorter where there are many `diaries` to look into; before it comes one as long
    as the `guess` that will do. Each begins when somebody is open, as `opens` tells from an instant on
    (None: nobody is any more): nights are not looked into.
    """
    start = opens(whole.start)
    usual = max(_SHORTEST_WINDOW, timedelta(days=1) / max(1, diaries / _AT_ONCE))
    for length in chain([] if guess is None else [guess], (usual * 2**turn for turn in count())):
        if start is None or start >= whole.end:
            return
        end = min(start + max(length, _SHORTEST_WINDOW), whole.end)
        yield Interval(start, end)
        start = opens(end)


@lru_cache(maxsize=65_536)
def part_of_day(instant: datetime, tz: str) -> DayPart:
    """Return the part of the day that `instant` lies in on the clocks of `tz`."""
    return DayPart.of(to_wall(instant, tz).hour)
