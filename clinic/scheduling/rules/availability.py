"""Weekly opening hours in an IANA zone, expanded to UTC: wall times stay, instants follow the clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from clinic.scheduling.rules.intervals import Interval, merged
from clinic.scheduling.rules.zones import to_utc

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Modality(StrEnum):
    """How a visit is held."""

    VIDEO = "video"
    PHONE = "phone"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Open every `weekday` (Monday is 0) from `start` to `end` on the clocks of `tz`.

    Valid from `valid_from` to `valid_to`, both days included; None is without end.
    """

    weekday: int
    start: time
    end: time
    tz: str
    valid_from: date
    valid_to: date | None
    modalities: frozenset[Modality]

    def days(self, first: date, last: date) -> Iterator[date]:
        """Yield the rule's days from `first` to `last`, both included."""
        if self.valid_from > last:
            return  # also keeps the sum below inside the calendar, whatever date was stored
        day = max(first, self.valid_from)
        day += timedelta(days=(self.weekday - day.weekday()) % 7)
        until = last if self.valid_to is None else min(last, self.valid_to)
        while day <= until:
            yield day
            day += _WEEK

    def on(self, day: date) -> Interval:
        """Return the opening of `day`; empty or reversed where a clock change swallows it."""
        return Interval(
            to_utc(datetime.combine(day, self.start), self.tz),
            to_utc(datetime.combine(day, self.end), self.tz),
        )


def opening_hours(
    rules: Iterable[WeeklyRule], window: Interval, *, modalities: frozenset[Modality] = frozenset(Modality)
) -> list[Interval]:
    """Return the whole openings that share an instant with `window`, merged and sorted.

    Only the hours in which visits are held in one of the `modalities`.
    """
    first, last = (window.start - _DAY).date(), (window.end + _DAY).date()
    openings = (
        rule.on(day)
        for rule in rules
        if not modalities.isdisjoint(rule.modalities)
        for day in rule.days(first, last)
    )
    return merged(item for item in openings if item.start < item.end and item.overlaps(window))
