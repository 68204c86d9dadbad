"""Free slots: sweep open minus busy for each practitioner, merge by time, stop when there are enough."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from clinic.ids import PractitionerId
from clinic.scheduling.rules.intervals import Interval, minus

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


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


@dataclass(frozen=True, slots=True)
class Diary:
    """One practitioner's opening hours and busy stretches, each sorted by start."""

    practitioner: PractitionerId
    open: Sequence[Interval]
    busy: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class Slot:
    """A visit that could be booked."""

    practitioner: PractitionerId
    starts_at: datetime
    ends_at: datetime

    @property
    def rank(self) -> tuple[datetime, int]:
        """Return the place in a search: by time, then in an order that favours nobody's name."""
        return self.starts_at, self.practitioner.int


def slots_of(diary: Diary, demand: Demand, window: Interval) -> Iterator[Slot]:
    """Yield one practitioner's slots that start in `window`, in order."""
    for free in minus(diary.open, diary.busy):
        start = _on_grid(max(free.start + demand.before, window.start), demand.grid)
        until = min(free.end - demand.after - demand.length, window.end - _INSTANT)
        while start <= until:
            yield Slot(diary.practitioner, start, start + demand.length)
            start += demand.grid


def slots(diaries: Iterable[Diary], demand: Demand, window: Interval) -> Iterator[Slot]:
    """Yield everybody's slots that start in `window`, lazily, by `Slot.rank`."""
    return heapq.merge(*(slots_of(diary, demand, window) for diary in diaries), key=lambda slot: slot.rank)


def offers(diary: Diary, demand: Demand, starts_at: datetime) -> bool:
    """Tell whether the search would offer a visit at exactly `starts_at`."""
    return any(slots_of(diary, demand, Interval(starts_at, starts_at + _INSTANT)))


def growing_windows(whole: Interval) -> Iterator[Interval]:
    """Split `whole` into windows of 1, 2, 4, 8 ... days, so that a search seldom reads far ahead."""
    start, length = whole.start, timedelta(days=1)
    while start < whole.end:
        end = min(start + length, whole.end)
        yield Interval(start, end)
        start, length = end, length * 2


def _on_grid(instant: datetime, grid: timedelta) -> datetime:
    late = (instant - _EPOCH) % grid
    return instant + (grid - late) if late else instant
