"""Opening hours on wall clocks, expanded to UTC: wall times stay, instants follow the clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from clinic.ids import SiteId
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import Span, merged, second_of
from clinic.scheduling.rules.zones import to_utc

_DAY = timedelta(days=1)


class Modality(StrEnum):
    """How a visit is held."""

    VIDEO = "video"
    PHONE = "phone"
    IN_PERSON = "in_person"


class SetKind(StrEnum):
    """Why other hours hold for a while."""

    RAMADAN = "ramadan"
    TRAVEL = "travel"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether `day` is among them."""
        return self.first <= day <= self.last

    def meet(self, other: Days) -> bool:
        """Tell whether the two share a day."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open every `weekday` (Monday is 0) from `start` to `end` on the clocks of `tz`.

    Valid from `valid_from` to `valid_to`, both days included; None is without end. An `overnight` rule
    ends on the day after. `site` is where; None is the practitioner's own site.
    """

    weekday: int
    start: time
    end: time
    tz: str
    valid_from: date
    valid_to: date | None
    modalities: frozenset[Modality]
    overnight: bool = False
    site: SiteId | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the rule opens on `day`."""
        if day.weekday() != self.weekday or day < self.valid_from:
            return False
        return self.valid_to is None or day <= self.valid_to

    def on(self, day: date) -> Span:
        """Return the opening of `day`; empty or reversed where a clock change swallows it."""
        closing = day + _DAY if self.overnight else day
        return (
            second_of(to_utc(datetime.combine(day, self.start), self.tz)),
            second_of(to_utc(datetime.combine(closing, self.end), self.tz)),
        )


@dataclass(frozen=True, slots=True)
class HoursSet:
    """Other hours for a while, as in Ramadan or on a journey: on `days` the usual ones do not hold."""

    kind: SetKind
    days: Days
    rules: tuple[WeeklyRule, ...]


@dataclass(frozen=True, eq=False)
class Week:
    """The hours of one practitioner at one site; compared by identity, so that days are worked out once.

    `usual` rules do not hold on days that are `replaced`; `dated` ones hold on their own days.
    """

    usual: tuple[WeeklyRule, ...] = ()
    dated: tuple[WeeklyRule, ...] = ()
    replaced: tuple[Days, ...] = ()

    def openings(self, window: Span) -> list[Span]:
        """Return the whole openings that share a second with `window`, merged and sorted."""
        # two days earlier: one for zones in the east, one for the night
        opened = _opened(self, window[0] // 86_400 - 2, window[1] // 86_400 + 1)
        return [span for span in opened if span[0] < window[1] and window[0] < span[1]]


def week_of(rules: Iterable[WeeklyRule], sets: Iterable[HoursSet] = ()) -> Week:
    """Return the week of a document of hours."""
    found = tuple(sets)
    return Week(
        usual=tuple(rules),
        dated=tuple(rule for one in found for rule in one.rules),
        replaced=tuple(one.days for one in found),
    )


@lru_cache(maxsize=65_536)
def _opened(week: Week, first: int, last: int) -> list[Span]:
    """Return the openings of the days `first` to `last`, counted from 1970."""
    days = [_EPOCH + number * _DAY for number in range(first, last + 1)]
    return merged(rule.on(day) for day in days for rule in _in_force(week, day) if rule.holds(day))


def _in_force(week: Week, day: date) -> tuple[WeeklyRule, ...]:
    return week.dated if any(day in days for days in week.replaced) else week.usual + week.dated


_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class WallStretch:
    """From one wall time to another on the clocks of `tz`: what people mean by "closed on Friday"."""

    start: datetime
    end: datetime
    tz: str

    @property
    def interval(self) -> Interval:
        """Return the stretch as instants, by the zone rules in force."""
        return Interval(to_utc(self.start, self.tz), to_utc(self.end, self.tz))

    @property
    def span(self) -> Span:
        """Return the stretch as seconds."""
        return second_of(to_utc(self.start, self.tz)), second_of(to_utc(self.end, self.tz))
