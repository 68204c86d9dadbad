"""Reads a calendar of others and says when its owner is busy, and nothing else of it.

Runs as a script in a process of its own (see `reading`), since a file of a few lines may repeat without end
and no thread can be stopped: memory and processor time are limited here, the clock by the parent. Imports
nothing of the clinic, so that it starts fast and holds no keys.
"""

from __future__ import annotations

import json
import resource
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

MOST_EVENTS = 10_000
MOST_STRETCHES = 10_000
_MEMORY = 768 * 1024 * 1024
_PROCESSOR_S = 15
_FREE = {"FREE", "WORKINGELSEWHERE"}
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}

Stretch = tuple[datetime, datetime, str | None]


class TooMuch(Exception):
    """The calendar says more than a calendar of one person can."""


def busy_in(content: bytes, start: datetime, end: datetime, tz: str) -> list[Stretch]:
    """Return the stretches between `start` and `end` that are not free, each with the UUID of its entry.

    Times without a zone are wall times in `tz`. The UUID is None where the entry's UID is none: ours are, so
    that visits that come back from a practitioner's own calendar can be told from what is new. Raises
    ValueError for what is no calendar, and TooMuch.
    """
    import icalendar

    if content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise TooMuch
    calendars = icalendar.Calendar.from_ical(content, multiple=True)
    if not calendars:
        raise ValueError("no calendar")
    zone = zoneinfo.ZoneInfo(tz)
    found: list[Stretch] = []
    for calendar in calendars:
        for stretch in (*_of_events(calendar, start, end, zone), *_of_free_busy(calendar, zone)):
            if stretch[0] < end and start < stretch[1]:
                found.append(stretch)
        if len(found) > MOST_STRETCHES:
            raise TooMuch
    return found


def _of_events(calendar: Any, start: datetime, end: datetime, zone: zoneinfo.ZoneInfo) -> Iterator[Stretch]:
    import recurring_ical_events

    events = calendar.walk("VEVENT")
    if any(_repeats_too_often(event) for event in events):
        raise TooMuch
    query = recurring_ical_events.of(calendar, components=["VEVENT"], skip_bad_series=True)
    for event in query.between(start, end):
        stretch = _stretch(event, zone)
        if stretch is not None:
            yield stretch


def _repeats_too_often(event: Any) -> bool:
    rules = event.get("RRULE", [])
    return any(
        str(frequency).upper() in _TOO_OFTEN
        for rule in (rules if isinstance(rules, list) else [rules])
        for frequency in rule.get("FREQ", [])
    )


def _stretch(event: Any, zone: zoneinfo.ZoneInfo) -> Stretch | None:
    """Return when an entry keeps its owner busy, or None where it does not."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    if str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT":
        return None
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() in _FREE:
        return None
    start, end = _instant(event.start, zone), _instant(event.end, zone)
    return (start, end, _uuid(event.get("UID"))) if start < end else None


def _of_free_busy(calendar: Any, zone: zoneinfo.ZoneInfo) -> Iterator[Stretch]:
    """Yield what a VFREEBUSY component says, as servers give it that hide titles."""
    for component in calendar.walk("VFREEBUSY"):
        for period in _periods(component.get("FREEBUSY", [])):
            if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                start, end = period.start, period.end
                yield _instant(start, zone), _instant(end, zone), None


def _periods(value: Any) -> Iterable[Any]:
    for one in value if isinstance(value, list) else [value]:
        yield from getattr(one, "dts", [one])


def _instant(value: date, zone: zoneinfo.ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _uuid(uid: object) -> str | None:
    try:
        return str(UUID(str(uid)))
    except ValueError:
        return None


def main() -> None:
    """Read a calendar from standard input and write its busy stretches as JSON; arguments: from, to, zone."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    zoneinfo.reset_tzpath(to=())
    start, end = (datetime.fromisoformat(text) for text in sys.argv[1:3])
    margin = timedelta(days=1)
    try:
        found = busy_in(sys.stdin.buffer.read(), start - margin, end + margin, sys.argv[3])
        answer: object = {"busy": [(a.isoformat(), b.isoformat(), uid) for a, b, uid in found]}
    except (TooMuch, MemoryError, RecursionError):
        answer = {"failure": "too_much"}
    except Exception:  # parsers of strangers' files fail in every way there is
        answer = {"failure": "not_a_calendar"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
