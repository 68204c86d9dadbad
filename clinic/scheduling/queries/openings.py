"""When practitioners are open: usual hours with all that differs, at each site somebody works at."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial
from itertools import chain

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.queries.differences import Differences, differences
from clinic.scheduling.queries.places import Place, places
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.schedules import busy_times
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.slots import Demand, Diary, growing_windows, offers
from clinic.scheduling.rules.spans import Span, instant_of, interval_of, merged, minus, second_of, span_of
from clinic.scheduling.rules.terms import Terms

_DAY = 86_400
_STRETCHES = 32  # of a supply's hours: a list of everybody each
_AND_SOME = 1.125  # of what the last search needed: times are taken meanwhile
_DAYS = 512  # more than any horizon, a short list each


@dataclass(frozen=True, eq=False)
class Supply:
    """The places where a service is offered to those with one wish, and what differs there on some days."""

    places: Sequence[Place]
    differences: Differences

    @cached_property
    def keys(self) -> frozenset[str]:
        """Return whose diaries are looked into, by the id as it is kept."""
        return frozenset(place.key for place in self.places)

    @cached_property
    def sites(self) -> frozenset[SiteId]:
        """Return where they are."""
        return frozenset(place.site for place in self.places)

    @cached_property
    def where(self) -> Mapping[tuple[PractitionerId, SiteId | None], Place]:
        """Return the places by person and site."""
        return {(place.practitioner, place.site): place for place in self.places}

    @cached_property
    def sufficed(self) -> dict[Hashable, timedelta]:
        """Return how far searches of each kind had to look lately: what one reads at once, and no more.

        All threads write here: one assignment each, and a guess that is lost costs a statement.
        """
        return {}

    @cached_property
    def hours(self) -> Callable[[frozenset[Modality], Span], Sequence[tuple[Place, list[Span]]]]:
        """Return who is open where in a stretch of whole days, for visits held in one of some ways.

        Worked out once for all searches of the same days.
        """
        return lru_cache(_STRETCHES)(self._hours)

    def _hours(self, wanted: frozenset[Modality], days: Span) -> Sequence[tuple[Place, list[Span]]]:
        every = ((place, hours_of(place, self.differences, days, wanted)) for place in self.places)
        return [(place, hours) for place, hours in every if hours]

    @cached_property
    def _anybody(self) -> Callable[[frozenset[Modality], int], Sequence[Span]]:
        return lru_cache(_DAYS)(self._open_on)

    def _open_on(self, wanted: frozenset[Modality], day: int) -> Sequence[Span]:
        return merged(chain.from_iterable(hours for _, hours in self._hours(wanted, (day, day + _DAY))))

    def opens(self, wanted: frozenset[Modality], moment: int, until: int) -> int | None:
        """Return the first second from `moment` on at which anybody is open, or None."""
        for day in range(moment // _DAY * _DAY, until, _DAY):
            for start, end in self._anybody(wanted, day):
                if moment < end:
                    return max(start, moment)
        return None


def supply(session: Session, service: ServiceId, demand: Demand, wish: Wish, window: Interval) -> Supply:
    """Return who offers the service and fits the wish, for visits that start in `window`."""
    changes = differences(session, demand.reach(window), practitioner=wish.practitioner)
    return Supply(places(session, service, wish, changes.once), changes)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A supply as one search reads it: for visits on these `terms`, held in one of the `wanted` ways.

    Times of the service's reserve are left out unless `reserved`.
    """

    supply: Supply
    terms: Terms
    wanted: frozenset[Modality]
    now: datetime
    reserved: bool

    def windows(self, whole: Interval, kind: Hashable) -> Iterator[Interval]:
        """Yield the stretches of `whole` to look into, one after the other, for one kind of search."""
        guess = self.supply.sufficed.get(kind)
        return growing_windows(whole, len(self.supply.places), partial(self._opens, whole.end), guess)

    def suffices(self, whole: Interval, kind: Hashable, last: datetime) -> None:
        """Note that a search of one kind in `whole` had enough when it had come to `last`."""
        begun = self._opens(whole.end, whole.start)
        if begun is not None:
            self.supply.sufficed[kind] = (last - begun) * _AND_SOME

    def _opens(self, until: datetime, instant: datetime) -> datetime | None:
        """Return when anybody is open from `instant` on."""
        second = self.supply.opens(self.wanted, second_of(instant), second_of(until))
        return None if second is None else max(instant, instant_of(second))

    def diaries(self, session: Session, window: Interval) -> list[Diary]:
        """Return everybody's diary as far as visits that start in `window` touch it."""
        reach = self.terms.demand.reach(window)
        busy = busy_times(session, self.supply.keys, reach, self.now)
        return self.read(span_of(reach), busy)

    def read(self, window: Span, busy: Mapping[str, Sequence[Span]]) -> list[Diary]:
        """Return the diaries that are open in `window`."""
        found = []
        for place, hours in self.supply.hours(self.wanted, _in_whole_days(window)):
            open_hours = [span for span in hours if span[0] < window[1] and window[0] < span[1]]
            if open_hours and self.terms.reserve.percent and not self.reserved:
                open_hours = minus(open_hours, merged(self.kept(place, window)))
            if open_hours:
                found.append(Diary(place.practitioner, open_hours, busy.get(place.key, ()), place.site))
        return found

    def place_at(self, starts_at: datetime, busy: Mapping[str, Sequence[Span]]) -> Place | None:
        """Return where a visit at exactly `starts_at` would be, beside what is `busy`, or None."""
        demand = self.terms.demand
        diaries = self.read(span_of(demand.busy(starts_at)), busy)
        sites = {diary.site for diary in diaries if offers(diary, demand, starts_at)}
        return next((place for place in self.supply.places if place.site in sites), None)

    def kept(self, place: Place, window: Span) -> list[Span]:
        """Return what the reserve keeps in the openings that `window` touches, sorted.

        However a visit is held, the same times are kept.
        """
        terms = self.terms
        openings = openings_of(place, self.supply.differences, window, terms.modalities)
        return [
            span
            for opening in openings
            for span in terms.reserve.kept(opening, terms.demand, place.tz, self.now)
        ]


def _in_whole_days(window: Span) -> Span:
    return window[0] // _DAY * _DAY, (window[1] // _DAY + 1) * _DAY


def openings_of(place: Place, changes: Differences, window: Span, wanted: frozenset[Modality]) -> list[Span]:
    """Return when a place opens in `window`, usually or once, whatever closes it."""
    week = place.week(changes.replaced.get(place.key, ()), wanted)
    once = (one.span for one in changes.opened.get(place.key, ()) if one.fits(place.site_key, wanted))
    extra = [span for span in once if span[0] < window[1] and window[0] < span[1]]
    usual = week.openings(window)
    return merged([*usual, *extra]) if extra else usual


@dataclass(frozen=True, slots=True)
class Opened:
    """When somebody opens at one of their sites, and the holidays there."""

    place: Place
    openings: list[Interval]
    holidays: list[Interval]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody opens, at their own site and then at others, and when they are away from all of them."""

    opened: list[Opened]
    away: list[Interval]


def calendar_of(
    session: Session, practitioner: PractitionerId, window: Interval, modalities: frozenset[Modality]
) -> Calendar:
    """Return when somebody opens in `window` for visits held in these ways, and what closes it."""
    changes, span = differences(session, window, practitioner=practitioner), span_of(window)
    found = places(session, None, Wish(practitioner), changes.once)
    away = _intervals(one for place in found[:1] for one in changes.closed.get(place.key, ()))
    return Calendar([_opened(place, changes, span, modalities) for place in found], away)


def _opened(place: Place, changes: Differences, window: Span, modalities: frozenset[Modality]) -> Opened:
    openings = openings_of(place, changes, window, modalities)
    return Opened(place, _intervals(openings), _intervals(changes.holidays.get(place.site_key, ())))


def _intervals(spans: Iterable[Span]) -> list[Interval]:
    return [interval_of(span) for span in merged(spans)]


def candidates(session: Session, service: ServiceId, wish: Wish) -> dict[PractitionerId, Place]:
    """Return those who offer the service and fit the wish, at their own site."""
    found: dict[PractitionerId, Place] = {}
    for place in places(session, service, wish):
        found.setdefault(place.practitioner, place)
    return found


def hours_of(
    place: Place, changes: Differences, window: Span, modalities: frozenset[Modality] = frozenset(Modality)
) -> list[Span]:
    """Return when a place is open in `window` for visits held in one of the `modalities`."""
    openings = openings_of(place, changes, window, modalities)
    return minus(openings, merged(changes.shut(place.key, place.site_key)))


def shelf(
    session: Session,
    service: ServiceId,
    terms: Terms,
    wish: Wish,
    modality: Modality | None,
    window: Interval,
    *,
    now: datetime,
    reserved: bool,
) -> Shelf:
    """Return the diaries of those who offer the service and fit the wish, for visits in `window`."""
    stock = supply(session, service, terms.demand, wish, window)
    return Shelf(stock, terms, terms.held(modality), now, reserved)
