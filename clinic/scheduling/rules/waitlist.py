"""Who is offered a time that has become free, and for how long: by need, then by waiting, then by fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from clinic.ids import PractitionerId
from clinic.scheduling.rules.slots import DayPart

SHORTEST_OFFER = timedelta(minutes=15)
LONGEST_OFFER = timedelta(minutes=60)
_SHARE = 8  # an offer stands for an eighth of the time that is left until the visit
MOST_UNANSWERED = 3  # whoever lets so many offers lapse is asked by a person next, and not by the clinic
_WAKING = (time(8), time(21))
_BEHIND = timedelta(hours=12)  # of the clocks that show a new day last
EVERY_DAY = frozenset(range(7))


class Triage(StrEnum):
    """How urgently somebody should be seen; staff say so, and nobody is `urgent` by their own word."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"

    @property
    def place(self) -> int:
        """Return the place in the queue of classes, the most urgent first."""
        return list(Triage).index(self)


class EntryState(StrEnum):
    """What has become of somebody's waiting."""

    WAITING = "waiting"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class OfferStatus(StrEnum):
    """What has become of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wishes:
    """When and with whom somebody would come; weekdays with Monday as 0, `until` is the last day."""

    practitioner: PractitionerId | None = None
    weekdays: frozenset[int] = EVERY_DAY
    parts: frozenset[DayPart] = frozenset(DayPart)
    until: date | None = None

    def fit(self, practitioner: PractitionerId, wall: datetime) -> bool:
        """Tell whether a visit with `practitioner` at `wall`, on the site's clocks, is wished for."""
        return (
            self.practitioner in {None, practitioner}
            and wall.weekday() in self.weekdays
            and DayPart.of(wall.hour) in self.parts
            and (self.until is None or wall.date() <= self.until)
        )

    @property
    def narrowness(self) -> int:
        """Return how many times would do: of two who waited alike, who can come more rarely is first."""
        open_parts = len(self.weekdays) * len(self.parts)
        return open_parts if self.practitioner is None else open_parts // 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue."""

    triage: Triage
    since: datetime
    wishes: Wishes

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """Return the place in the queue: need, then the length of the wait, then fit."""
        return self.triage.place, self.since, self.wishes.narrowness


def offer_ends(now: datetime, starts_at: datetime) -> datetime:
    """Return until when an offer made at `now` stands; never past the visit's start."""
    share = (starts_at - now) / _SHARE
    length = min(max(share, SHORTEST_OFFER), LONGEST_OFFER)
    return min(now + length, starts_at)


def over_everywhere(day: date) -> datetime:
    """Return the instant at which `day` is over on every clock."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) + _BEHIND


def last_day_over(now: datetime) -> date:
    """Return the latest day that is over on every clock: whoever waited until then waits no more."""
    return (now.astimezone(UTC) - _BEHIND).date() - timedelta(days=1)


def is_waking(wall: datetime) -> bool:
    """Tell whether people may be asked by themselves at `wall`: nobody should lose an offer asleep."""
    return _WAKING[0] <= wall.time() < _WAKING[1]
