"""Calendar files about visits (RFC 5545, RFC 5546): stable UIDs, neutral words, instants.

Times are UTC unless asked otherwise: a phone with stale zone rules then still rings at the right instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zone_component import zone_component
from clinic.scheduling.rules.zones import to_wall

TYPE = "text/calendar"
_PRODUCT = "-//Sakina//Sakina//EN"
_ASK_AGAIN = timedelta(hours=4)
_AROUND = timedelta(days=2)


class Method(StrEnum):
    """What a file does to the calendar that takes it in (RFC 5546, section 1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Times(StrEnum):
    """How a file tells times: as UTC, or as wall times with the rules of their zone."""

    UTC = "utc"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Entry:
    """One visit as calendars see it; `version` counts its changes, `summary` is all that a screen shows."""

    uid: UUID
    version: int
    starts_at: datetime
    ends_at: datetime
    tz: str
    summary: str
    description: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes the file, and when; `address` is a mail address that tells nothing of the clinic's work."""

    address: str
    stamp: datetime


def invitation(entry: Entry, sender: Sender, *, attendee: str, times: Times = Times.UTC) -> bytes:
    """Return the file that puts a visit into the calendar of `attendee`, changes it there or takes it out."""
    method = Method.CANCEL if entry.cancelled else Method.REQUEST
    return _file([entry], sender, method, times, attendee=attendee)


def published(
    entries: Iterable[Entry], sender: Sender, *, name: str | None = None, times: Times = Times.UTC
) -> bytes:
    """Return the file of somebody's visits, to be taken over or subscribed to; `name` is the calendar's."""
    return _file(list(entries), sender, Method.PUBLISH, times, name=name)


def _file(
    entries: Sequence[Entry],
    sender: Sender,
    method: Method,
    times: Times,
    *,
    name: str | None = None,
    attendee: str | None = None,
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    if name is not None:
        _describe(calendar, name)
    if times is Times.ZONE:
        _add_zones(calendar, entries)
    for entry in entries:
        event = _event(entry, sender, times)
        if attendee is not None:
            event.add("attendee", _attendee(attendee))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _describe(calendar: Calendar, name: str) -> None:
    """Name a subscribed calendar, as RFC 7986 does and as programs did before it."""
    calendar.add("name", name)
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", vDuration(_ASK_AGAIN, params={"VALUE": "DURATION"}))
    calendar.add("x-published-ttl", vDuration(_ASK_AGAIN))


def _add_zones(calendar: Calendar, entries: Sequence[Entry]) -> None:
    """Carry the rules of each zone that is named, from before its first entry until after its last."""
    for tz in sorted({entry.tz for entry in entries}):
        own = [entry for entry in entries if entry.tz == tz]
        first, last = min(entry.starts_at for entry in own), max(entry.ends_at for entry in own)
        calendar.add_component(zone_component(tz, Interval(first - _AROUND, last + _AROUND)))


def _told(instant: datetime, tz: str, times: Times) -> datetime:
    """Return `instant` as the file tells it: as UTC, too, where clocks show its wall time twice.

    Programs do not agree on which of the two is meant.
    """
    wall = to_wall(instant, tz)
    twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return instant if times is Times.UTC or twice else wall


def _event(entry: Entry, sender: Sender, times: Times) -> Event:
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("sequence", entry.version)
    event.add("dtstamp", sender.stamp)
    for name, instant in (("dtstart", entry.starts_at), ("dtend", entry.ends_at)):
        event.add(name, _told(instant, entry.tz, times))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("organizer", vCalAddress(f"mailto:{sender.address}"))
    return event


def _attendee(address: str) -> vCalAddress:
    """Return the person who is told; no answer is asked for, since nobody reads it."""
    person = vCalAddress(f"mailto:{address}")
    person.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return person
