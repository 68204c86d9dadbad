"""When a series takes place: every week, every other week, or the nth weekday of the month.

The wall time stays and the instant follows the clocks: a talk at ten is at ten in winter and in summer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count as counting
from itertools import islice, takewhile

from clinic.errors import Invalid
from clinic.scheduling.rules.zones import to_utc, to_wall, wall_text, zone

MOST_VISITS = 52
_WEEK = timedelta(weeks=1)
_LAST = 5  # what is the fifth of its weekday in one month is the last one in every month


class Rhythm(StrEnum):
    """How often a series takes place; `monthly` keeps weekday and place in the month."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: what clocks at the place show (`local`), and the instant."""

    local: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rhythm from `starts_at` on, on the clocks of `tz`, for `count` dates or until a day (included)."""

    rhythm: Rhythm
    starts_at: datetime
    tz: str
    count: int | None = None
    until: date | None = None

    def occurrences(self) -> list[Occurrence]:
        """Return every date; raises Invalid naming each field that no series can have."""
        self.check()
        first = to_wall(self.starts_at, self.tz).replace(tzinfo=None, fold=0)
        days = islice(self._days(first.date()), MOST_VISITS + 1)
        found = [_occurrence(day, first.time(), self.tz) for day in days]
        if len(found) > MOST_VISITS:
            raise Invalid("invalid", errors={"until": [f"A series has at most {MOST_VISITS} visits."]})
        return found

    def check(self) -> None:
        """Raise Invalid naming each field that no series can have."""
        errors = {field: [complaint] for field, complaint in self._complaints()}
        if errors:
            raise Invalid("invalid", errors=errors)

    def _complaints(self) -> Iterator[tuple[str, str]]:
        if self.starts_at.tzinfo is None:
            yield "starts_at", "A time needs an offset, as in 2026-11-22T16:00:00+02:00."
        known = _is_zone(self.tz)
        if not known:
            yield "tz", "This is not the name of a time zone."
        if (self.count is None) == (self.until is None):
            yield "count", "Say how many visits there are, or until which day: one of the two."
        elif self.count is not None and not 1 <= self.count <= MOST_VISITS:
            yield "count", f"A series has from 1 to {MOST_VISITS} visits."
        elif self.until and known and self.starts_at.tzinfo and self._ends_before_it_starts():
            yield "until", "The end comes after the start."

    def _ends_before_it_starts(self) -> bool:
        return self.until is not None and self.until < to_wall(self.starts_at, self.tz).date()

    def _days(self, first: date) -> Iterator[date]:
        if self.rhythm is Rhythm.MONTHLY:
            days = _monthly(first)
        else:
            step = _WEEK if self.rhythm is Rhythm.WEEKLY else 2 * _WEEK
            days = (first + number * step for number in counting())
        if self.until is None:
            return islice(days, self.count)
        until = self.until
        return takewhile(lambda day: day <= until, days)


def shifted(local: str, *, old: str, new: str, tz: str) -> Occurrence:
    """Return the date `local` moved as `old` was to `new`: by as many days, to the same time of day."""
    wall = datetime.fromisoformat(local) + (datetime.fromisoformat(new) - datetime.fromisoformat(old))
    return _occurrence(wall.date(), wall.time(), tz)


def _monthly(first: date) -> Iterator[date]:
    """Yield the days that are the same weekday, and the same one of its kind, as `first` is in its month."""
    place = (first.day - 1) // 7 + 1
    for month in counting(first.year * 12 + first.month - 1):
        start = date(month // 12, month % 12 + 1, 1)
        day = start + timedelta(days=(first.weekday() - start.weekday()) % 7) + (place - 1) * _WEEK
        yield day - _WEEK if place == _LAST and day.month != start.month else day


def _occurrence(day: date, at: time, tz: str) -> Occurrence:
    wall = datetime.combine(day, at)
    starts_at = to_utc(wall, tz)
    # what the clocks skip is told as they show it: half past two becomes half past three
    return Occurrence(wall_text(to_wall(starts_at, tz)), starts_at)


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except Invalid:
        return False
    return True
