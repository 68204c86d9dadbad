"""A share of the times kept for urgent and same-day requests, by a rule that can be said in one sentence.

Of the visits that fit into an opening one after another, the first and then every so-manieth is kept (with
10 %: the 1st, 11th, 21st ...) until the release hour of its own day on the site's clock. What is booked
changes nothing about which ones they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from clinic.scheduling.rules.slots import Demand
from clinic.scheduling.rules.spans import Span, instant_of
from clinic.scheduling.rules.zones import to_utc, to_wall


@dataclass(frozen=True, slots=True)
class Reserve:
    """How many percent of a service's times are kept, and until when on their day."""

    percent: int
    release_at: time

    def kept(self, opening: Span, demand: Demand, tz: str, now: datetime) -> Iterator[Span]:
        """Yield what of `opening` ordinary requests do not get at `now`, in order."""
        if not self.percent:
            return
        pace = demand.pace
        first = pace.starts(opening, opening).start
        stride = pace.before + pace.onward + -(pace.before + pace.onward) % pace.grid
        for number, start in enumerate(range(first, opening[1], stride)):
            busy = start - pace.before, start + pace.onward
            if busy[1] <= opening[1] and self.holds_back(number) and now < self.released(start, tz):
                yield busy

    def holds_back(self, number: int) -> bool:
        """Tell whether the visit with this number in its opening (from 0) is a kept one."""
        return _part(number + 1, self.percent) > _part(number, self.percent)

    def released(self, start: int, tz: str) -> datetime:
        """Return when a kept visit that starts at second `start` becomes open to all."""
        day = to_wall(instant_of(start), tz).date()
        return to_utc(datetime.combine(day, self.release_at), tz)


def _part(count: int, percent: int) -> int:
    return -(-count * percent // 100)
