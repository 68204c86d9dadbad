"""A zone's rules as a calendar file carries them (VTIMEZONE): every clock change of a stretch, one by one.

icalendar 7.3 makes such components too, but leaves out most summers; who follows them is an hour off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDDDTypes

from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import to_wall

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def zone_component(tz: str, stretch: Interval) -> Timezone:
    """Return the rules of `tz` that are in force anywhere in `stretch`."""
    component = Timezone()
    component.add("tzid", tz)
    first = stretch.start.astimezone(UTC).replace(second=0, microsecond=0)
    component.add_component(_observance(tz, first, _offset(first, tz)))
    for change in changes(tz, Interval(first, stretch.end)):
        component.add_component(_observance(tz, change, _offset(change - _MINUTE, tz)))
    return component


def changes(tz: str, stretch: Interval) -> Iterator[datetime]:
    """Yield the instants in `stretch` at which the clocks of `tz` change, to the minute."""
    day = stretch.start
    while day < stretch.end:
        later = min(day + _DAY, stretch.end)
        if _offset(day, tz) != _offset(later, tz):
            yield _first_with(_offset(later, tz), tz, day, later)
        day = later


def _first_with(offset: timedelta, tz: str, before: datetime, after: datetime) -> datetime:
    """Return the first minute after `before` whose offset is that of `after`."""
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if _offset(middle, tz) == offset:
            after = middle
        else:
            before = middle
    return after


def _observance(tz: str, since: datetime, previous: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """Return the rule that holds from `since`, which clocks of the rule before show as its start."""
    wall = to_wall(since, tz)
    found = TimezoneDaylight() if wall.dst() else TimezoneStandard()
    found.add("dtstart", vDDDTypes((since + previous).replace(tzinfo=None)))
    found.add("tzoffsetfrom", previous)
    found.add("tzoffsetto", _offset(since, tz))
    found.add("tzname", wall.tzname() or tz)
    return found


def _offset(instant: datetime, tz: str) -> timedelta:
    return to_wall(instant, tz).utcoffset() or timedelta(0)
