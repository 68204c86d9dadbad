"""Calendars of others are read for busy times alone, whatever they are made to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic.scheduling.outside.failures import Failure, NotRead
from clinic.scheduling.outside.reading import read
from clinic.scheduling.rules.intervals import Interval
from tests.servers.calendars import calendar_of

WINDOW = Interval(datetime(2026, 11, 22, tzinfo=UTC), datetime(2027, 2, 22, tzinfo=UTC))
HOUR = "DTSTART:20261124T100000Z\r\nDTEND:20261124T110000Z"


def busy(*events: str, tz: str = "Asia/Jerusalem") -> list[str]:
    """Return the busy stretches of a calendar of `events`, as texts in UTC."""
    return [
        f"{one.stretch.start:%m-%dT%H:%M}/{one.stretch.end:%m-%dT%H:%M}"
        for one in read(calendar_of(*events), WINDOW, tz)
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (HOUR, ["11-24T10:00/11-24T11:00"]),
        ("DTSTART;TZID=Europe/Paris:20261124T100000\r\nDURATION:PT90M", ["11-24T09:00/11-24T10:30"]),
        (
            "DTSTART;TZID=W. Europe Standard Time:20261124T100000\r\nDURATION:PT1H",
            ["11-24T09:00/11-24T10:00"],
        ),
        ("DTSTART;TZID=Africa/Casablanca:20261201T100000\r\nDURATION:PT1H", ["12-01T10:00/12-01T11:00"]),
        ("DTSTART:20261124T100000\r\nDTEND:20261124T110000", ["11-24T08:00/11-24T09:00"]),
        ("DTSTART;VALUE=DATE:20261125", ["11-24T22:00/11-25T22:00"]),
        ("DTSTART;VALUE=DATE:20261125\r\nDTEND;VALUE=DATE:20261128", ["11-24T22:00/11-27T22:00"]),
        (f"{HOUR}\r\nTRANSP:TRANSPARENT", []),
        (f"{HOUR}\r\nSTATUS:CANCELLED", []),
        (f"{HOUR}\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20261124T100000Z\r\nDTEND:20261124T100000Z", []),
        ("DTSTART:20200101T100000Z\r\nDTEND:20200101T110000Z", []),
        (
            "DTSTART;TZID=Europe/Paris:20260303T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;UNTIL=20261209T000000Z"
            "\r\nEXDATE;TZID=Europe/Paris:20261201T100000",
            ["11-24T09:00/11-24T10:00", "12-08T09:00/12-08T10:00"],
        ),
    ],
)
def test_an_entry_keeps_its_owner_busy_or_does_not(event: str, expected: list[str]) -> None:
    assert busy(f"UID:a\r\nSUMMARY:Dentist\r\n{event}") == expected


def test_one_moved_occurrence_of_a_series_is_where_it_was_moved() -> None:
    series = "UID:a\r\nDTSTART:20261124T100000Z\r\nDTEND:20261124T110000Z\r\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "UID:a\r\nRECURRENCE-ID:20261125T100000Z\r\nDTSTART:20261125T150000Z\r\nDTEND:20261125T160000Z"
    assert busy(series, moved) == ["11-24T10:00/11-24T11:00", "11-25T15:00/11-25T16:00"]


def test_free_busy_components_are_read_as_well() -> None:
    content = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VFREEBUSY\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n"
        b"FREEBUSY:20261124T100000Z/PT1H,20261125T100000Z/20261125T120000Z\r\n"
        b"FREEBUSY;FBTYPE=FREE:20261126T100000Z/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )
    assert [one.stretch.start.day for one in read(content, WINDOW, "UTC")] == [24, 25]


def test_our_own_entries_are_known_by_their_uid() -> None:
    ours = "83bba981-fb63-470f-aff4-c8de00fdd535"
    found = read(calendar_of(f"UID:{ours}\r\n{HOUR}", f"UID:other\r\n{HOUR}"), WINDOW, "UTC")
    assert sorted(str(one.uid) for one in found) == [ours, "None"]


@pytest.mark.parametrize(
    "content", [b"", b"<html>Sign in</html>", bytes(range(256)) * 50, b"BEGIN:VCALENDAR"]
)
def test_what_is_no_calendar_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NotRead) as refused:
        read(content, WINDOW, "UTC")
    assert refused.value.failure is Failure.NOT_A_CALENDAR


MINUTES = ",".join(str(minute) for minute in range(60))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        f"FREQ=HOURLY;BYMINUTE={MINUTES};BYSECOND={MINUTES}",
        f"FREQ=YEARLY;BYHOUR=1,2,3,4,5,6,7,8;BYMINUTE={MINUTES};BYSECOND={MINUTES};BYDAY=MO,TU,WE,TH,FR",
    ],
)
def test_rules_that_repeat_without_measure_are_ended(rule: str) -> None:
    bomb = calendar_of(f"UID:a\r\nDTSTART:19700101T000000Z\r\nDURATION:PT1S\r\nRRULE:{rule}")
    with pytest.raises(NotRead) as refused:
        read(bomb, WINDOW, "UTC", seconds=3)
    assert refused.value.failure is Failure.TOO_MUCH


def test_a_crowd_of_entries_is_refused() -> None:
    event = f"UID:a\r\n{HOUR}"
    with pytest.raises(NotRead) as refused:
        read(calendar_of(*[event] * 10_001), WINDOW, "UTC")
    assert refused.value.failure is Failure.TOO_MUCH
