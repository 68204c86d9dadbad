"""Three programs that read calendar files, each by its own rules, and what they found said in one shape."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
import vobject

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar: instants in UTC, and the zone that its times are told in."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    tz: str
    summary: str
    description: str
    status: str
    organizer: str
    attendees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A calendar file."""

    method: str
    events: tuple[Event, ...]


Reader = Callable[[Sequence[bytes]], list[File]]


def by_icalendar(files: Sequence[bytes]) -> list[File]:
    """Read with the Python package icalendar."""
    return [_icalendar(icalendar.Calendar.from_ical(content)) for content in files]


def _icalendar(calendar: Any) -> File:
    assert not calendar.errors
    return File(
        str(calendar["METHOD"]),
        tuple(
            Event(
                uid=str(one["UID"]),
                sequence=int(one["SEQUENCE"]),
                starts_at=one.start.astimezone(UTC),
                ends_at=one.end.astimezone(UTC),
                tz=str(one.start.tzinfo),
                summary=str(one["SUMMARY"]),
                description=str(one["DESCRIPTION"]),
                status=str(one["STATUS"]),
                organizer=str(one["ORGANIZER"]),
                attendees=tuple(str(person) for person in _listed(one.get("ATTENDEE"))),
            )
            for one in calendar.walk("VEVENT")
        ),
    )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def by_vobject(files: Sequence[bytes]) -> list[File]:
    """Read with the Python package vobject, which is strict about lines and required properties."""
    found = []
    for content in files:
        _forget_zones(content.decode())
        (calendar,) = vobject.readComponents(content.decode(), ignoreUnreadable=False, allowQP=False)
        calendar.validate(raiseException=True)
        found.append(File(calendar.method.value, tuple(map(_vobject, calendar.contents.get("vevent", [])))))
    return found


def _forget_zones(content: str) -> None:
    """Let the rules that a file brings count: vobject keeps those of the first file it reads in a process."""
    for zone in re.findall(r"^TZID:(.+?)\r?$", content, re.MULTILINE):
        vobject.icalendar.registerTzid(zone, None)


def _vobject(one: Any) -> Event:
    stated = one.dtstart.params.get("X-VOBJ-ORIGINAL-TZID") or one.dtstart.params.get("TZID")
    return Event(
        uid=one.uid.value,
        sequence=int(one.sequence.value),
        starts_at=one.dtstart.value.astimezone(UTC),
        ends_at=one.dtend.value.astimezone(UTC),
        tz=stated[0] if stated else "UTC",
        summary=one.summary.value,
        description=one.description.value,
        status=one.status.value,
        organizer=one.organizer.value,
        attendees=tuple(person.value for person in one.contents.get("attendee", [])),
    )


def by_ical_js(files: Sequence[bytes]) -> list[File]:
    """Read with the npm package ical.js, which browsers and Thunderbird use."""
    done = subprocess.run(
        ["sh", "tools/node.sh", sys.prefix, "../tests/readers/ical.mjs"],
        cwd=_ROOT,
        input=json.dumps([content.decode() for content in files]),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [
        File(one["method"], tuple(_ical_js(event) for event in one["events"]))
        for one in json.loads(done.stdout)
    ]


def _ical_js(one: Mapping[str, Any]) -> Event:
    return Event(
        **{
            **one,
            "starts_at": datetime.fromisoformat(one["starts_at"]),
            "ends_at": datetime.fromisoformat(one["ends_at"]),
            "attendees": tuple(one["attendees"]),
        }
    )


READERS: Mapping[str, Reader] = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "ical.js": by_ical_js,
}


def read_alike(files: Sequence[bytes]) -> list[File]:
    """Return what all three read in `files`; fails where they differ."""
    readings = {name: read(files) for name, read in READERS.items()}
    for name, reading in readings.items():
        assert reading == readings["icalendar"], name
    return readings["icalendar"]
