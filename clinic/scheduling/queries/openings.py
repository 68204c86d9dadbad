"""When practitioners are open: usual hours with all that differs, at each site somebody works at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.queries.differences import Differences, differences
from clinic.scheduling.queries.places import Place, places
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.schedules import busy_times
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.slots import Diary
from clinic.scheduling.rules.spans import Span, interval_of, merged, minus, span_of
from clinic.scheduling.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Shelf:
    """The places that a search looks into, and how they are read.

    Times of the service's reserve are left out unless `reserved`.
    """

    places: Sequence[Place]
    differences: Differences
    terms: Terms
    wanted: frozenset[Modality]
    now: datetime
    reserved: bool

    def diaries(self, session: Session, window: Interval) -> list[Diary]:
        """Return everybody's diary as far as visits that start in `window` touch it."""
        reach = self.terms.demand.reach(window)
        busy = busy_times(session, {place.key for place in self.places}, reach, self.now)
        return self.read(span_of(reach), busy)

    def read(self, window: Span, busy: Mapping[str, Sequence[Span]]) -> list[Diary]:
        """Return the diaries that are open in `window`."""
        found = []
        for place in self.places:
            open_hours = self._open(place, window)
            if open_hours:
                taken = busy.get(place.key, ())
                found.append(Diary(place.practitioner, open_hours, taken, place.site))
        return found

    def kept(self, place: Place, window: Span) -> list[Span]:
        """Return what the reserve keeps in the openings that `window` touches, sorted.

        However a visit is held, the same times are kept.
        """
        terms = self.terms
        openings = openings_of(place, self.differences, window, terms.modalities)
        return [
            span
            for opening in openings
            for span in terms.reserve.kept(opening, terms.demand, place.tz, self.now)
        ]

    def _open(self, place: Place, window: Span) -> list[Span]:
        openings = openings_of(place, self.differences, window, self.wanted)
        shut = self.differences.shut(place.key, place.site_key)
        if self.terms.reserve.percent and not self.reserved:
            shut.extend(self.kept(place, window))
        return minus(openings, merged(shut)) if shut else openings


def openings_of(place: Place, changes: Differences, window: Span, wanted: frozenset[Modality]) -> list[Span]:
    """Return when a place opens in `window`, usually or once, whatever closes it."""
    week = place.week(changes.replaced.get(place.key, ()), wanted)
    once = (one.span for one in changes.opened.get(place.key, ()) if one.fits(place.site_key, wanted))
    extra = [span for span in once if span[0] < window[1] and window[0] < span[1]]
    usual = week.openings(window)
    return merged([*usual, *extra]) if extra else usual


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody opens at any of their sites, and what closes it: being away, and holidays there."""

    openings: list[Interval]
    away: list[Interval]
    holidays: list[Interval]

    def open_times(self) -> list[Interval]:
        """Return when somebody is open, with all that differs seen to."""
        shut = merged(map(span_of, [*self.away, *self.holidays]))
        return [interval_of(span) for span in minus(map(span_of, self.openings), shut)]


def calendar_of(
    session: Session,
    practitioner: PractitionerId,
    window: Interval,
    *,
    modalities: frozenset[Modality] = frozenset(Modality),
) -> Calendar:
    """Return when somebody opens in `window` for visits held in these ways, and what closes it."""
    changes, span = differences(session, window, practitioner=practitioner), span_of(window)
    found = places(session, None, Wish(practitioner), changes.once)
    openings = (one for place in found for one in openings_of(place, changes, span, modalities))
    holidays = (one for place in found for one in changes.holidays.get(place.site_key, ()))
    away = (one for place in found for one in changes.closed.get(place.key, ()))
    return Calendar(*([interval_of(one) for one in merged(spans)] for spans in (openings, away, holidays)))


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
    whole: Interval,
    *,
    now: datetime,
    reserved: bool,
) -> Shelf:
    """Return the diaries of those who offer the service and fit the wish, for visits in `whole`."""
    changes = differences(session, terms.demand.reach(whole), practitioner=wish.practitioner)
    return Shelf(
        places=places(session, service, wish, changes.once),
        differences=changes,
        terms=terms,
        wanted=terms.held(modality),
        now=now,
        reserved=reserved,
    )
