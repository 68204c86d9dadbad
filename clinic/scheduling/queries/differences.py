"""What differs from the usual hours in a window: sets, exceptions, leave and holidays, in one statement.

Why a stretch differs is not read here, and so cannot leak into a search.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, String, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from clinic.scheduling.models import AvailabilitySet, Holiday, ScheduleException, Site
from clinic.scheduling.queries.stored import Stored, stored
from clinic.scheduling.rules.availability import Days, Modality, WallStretch
from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import Span

_SETS, _EXCEPTIONS = AvailabilitySet.__table__, ScheduleException.__table__
_HOLIDAYS, _SITES = Holiday.__table__, Site.__table__
_SET, _HOLIDAY, _OPEN = "set", "holiday", ExceptionKind.OPEN.value
_ZONES = timedelta(days=1)  # how far wall times and instants may lie apart, and more


@dataclass(frozen=True, slots=True)
class OneOff:
    """Open once at a site."""

    span: Span
    site_key: str
    modalities: frozenset[Modality]

    def fits(self, site_key: str, wanted: frozenset[Modality]) -> bool:
        """Tell whether it opens the site for visits held in a `wanted` way."""
        return self.site_key == site_key and not wanted.isdisjoint(self.modalities)


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, by practitioner (and `holidays` by site), each by the id as it is kept."""

    replaced: dict[str, tuple[Days, ...]] = field(default_factory=dict)
    opened: dict[str, list[OneOff]] = field(default_factory=lambda: defaultdict(list))
    closed: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    holidays: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))

    @property
    def once(self) -> list[tuple[str, str]]:
        """Return who is open once, and at which site."""
        return [(who, one.site_key) for who, openings in self.opened.items() for one in openings]

    def shut(self, key: str, site_key: str) -> list[Span]:
        """Return when a practitioner is not open at a site, unsorted."""
        return [*self.closed.get(key, ()), *self.holidays.get(site_key, ())]


def differences(session: Session, window: Interval, *, practitioner: UUID | None = None) -> Differences:
    """Return what differs in `window`, of everybody or of one `practitioner`."""
    found = Differences()
    first, last = window.start - _ZONES, window.end + _ZONES
    asked: dict[str, object] = {
        "first_day": first.date(),
        "last_day": last.date(),
        "first": f"{first:%Y-%m-%dT%H:%M}",
        "last": f"{last:%Y-%m-%dT%H:%M}",
    }
    if practitioner is not None:
        asked["practitioner"] = practitioner
    statement = _statement(stored(session), practitioner is not None)
    for who, kind, start, end, tz, site, codes in session.execute(statement, asked).all():
        if kind == _SET:
            days = Days(date.fromisoformat(start), date.fromisoformat(end))
            found.replaced[who] = (*found.replaced.get(who, ()), days)
            continue
        span = WallStretch(datetime.fromisoformat(start), datetime.fromisoformat(end), tz).span
        if kind == _OPEN:
            ways = frozenset(Modality(code) for code in codes.strip("|").split("|"))
            found.opened[who].append(OneOff(span, site, ways))
        else:
            (found.holidays if kind == _HOLIDAY else found.closed)[who].append(span)
    return found


@lru_cache
def _statement(kept: Stored, of_one: bool) -> CompoundSelect[*tuple[Any, ...]]:
    sets, exceptions = _sets(kept), _exceptions(kept)
    if of_one:
        sets = sets.where(_SETS.c.practitioner_id == bindparam("practitioner"))
        exceptions = exceptions.where(_EXCEPTIONS.c.practitioner_id == bindparam("practitioner"))
    return union_all(sets, exceptions, _holidays(kept))


def _sets(kept: Stored) -> Select[*tuple[Any, ...]]:
    one, none = _SETS.c, literal("")
    days = (cast(one.first_day, String), cast(one.last_day, String))
    return select(kept.key(one.practitioner_id), literal(_SET), *days, none, none, none).where(
        one.last_day >= bindparam("first_day"), one.first_day <= bindparam("last_day")
    )


def _exceptions(kept: Stored) -> Select[*tuple[Any, ...]]:
    one = _EXCEPTIONS.c
    found = select(
        kept.key(one.practitioner_id),
        cast(one.kind, String),
        one.wall_start,
        one.wall_end,
        one.tz,
        func.coalesce(kept.key(one.site_id), ""),
        cast(one.modalities, String),
    )
    return found.where(one.wall_end > bindparam("first"), one.wall_start < bindparam("last"))


def _holidays(kept: Stored) -> Select[*tuple[Any, ...]]:
    one, none = _HOLIDAYS.c, literal("")
    times = (one.wall_start, one.wall_end, _SITES.c.tz)
    return (
        select(kept.key(one.site_id), literal(_HOLIDAY), *times, none, none)
        .join_from(_HOLIDAYS, _SITES, _SITES.c.id == one.site_id)
        .where(one.closes, one.wall_end > bindparam("first"), one.wall_start < bindparam("last"))
    )
