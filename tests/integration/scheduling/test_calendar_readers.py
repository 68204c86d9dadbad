"""Our calendar files say the same to three programs: instants, zones, changes and withdrawals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from clinic.scheduling.rules.calendar_file import Entry, Sender, Times, invitation, published
from clinic.scheduling.rules.zones import to_utc, zone
from tests.readers.calendars import Event, File, read_alike

SENDER = Sender("no-reply@clinic.example", datetime(2026, 11, 22, 9, tzinfo=UTC))
ZONES = ("Asia/Jerusalem", "Asia/Hebron", "Africa/Casablanca", "Europe/Paris")
HOUR = timedelta(hours=1)
# Around every clock change of these zones in 2026 and 2027, Morocco's last one included, and far from them.
DAYS = (
    *("2026-01-15", "2026-02-14", "2026-02-15", "2026-02-16", "2026-03-21", "2026-03-22", "2026-03-23"),
    *("2026-03-26", "2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-07-01", "2026-09-19"),
    *("2026-09-20", "2026-09-21", "2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26", "2026-12-01"),
    *("2027-02-20", "2027-03-25", "2027-03-26", "2027-03-27", "2027-03-28", "2027-03-29", "2027-07-01"),
    *("2027-10-29", "2027-10-30", "2027-10-31", "2027-11-01"),
)


def entry(wall: str, tz: str, **changes: object) -> Entry:
    """Return a visit of an hour at a wall time."""
    starts_at = to_utc(datetime.fromisoformat(wall), tz)
    made = Entry(UUID(int=7), 1, starts_at, starts_at + HOUR, tz, "موعد; with, marks\\", f"{wall} {tz} " * 5)
    return replace(made, **changes)  # type: ignore[arg-type]


def is_said_once(one: Entry) -> bool:
    """Tell whether clocks show the start of a visit once only."""
    wall = one.starts_at.astimezone(zone(one.tz))
    return wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset()


@pytest.mark.parametrize("times", Times)
def test_every_program_reads_the_same_instants_around_every_clock_change(times: Times) -> None:
    walls = [f"{day}T{hour:02}:30" for day, hour in product(DAYS, (0, 1, 2, 3, 12, 23))]
    entries = [[entry(wall, tz) for wall in walls] for tz in ZONES]
    files = read_alike([published(own, SENDER, times=times) for own in entries])
    for own, file in zip(entries, files, strict=True):
        for one, event in zip(own, file.events, strict=True):
            assert (event.starts_at, event.ends_at) == (one.starts_at, one.ends_at), one
            assert event.tz == (one.tz if times is Times.ZONE and is_said_once(one) else "UTC")
            assert (event.summary, event.description) == (one.summary, one.description)


@pytest.mark.parametrize("tz", ZONES)
def test_a_file_of_one_visit_carries_the_rules_of_its_day(tz: str) -> None:
    entries = [entry(f"{day}T12:00", tz) for day in DAYS]
    for one, file in zip(
        entries, read_alike([published([one], SENDER, times=Times.ZONE) for one in entries]), strict=True
    ):
        assert [event.starts_at for event in file.events] == [one.starts_at]


def test_an_invitation_is_changed_and_withdrawn_alike_by_every_program() -> None:
    first = entry("2026-12-01T12:00", "Africa/Casablanca")
    moved = replace(first, version=2, starts_at=first.starts_at + HOUR, ends_at=first.ends_at + HOUR)
    off = replace(moved, version=3, cancelled=True)
    files = read_alike(
        [invitation(one, SENDER, attendee="samar@clinic.example") for one in (first, moved, off)]
    )
    assert [file.method for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert taken_in(files[:1])[str(first.uid)].starts_at == first.starts_at
    assert taken_in(files[:2])[str(first.uid)].starts_at == moved.starts_at
    assert taken_in(files[1::-1])[str(first.uid)].starts_at == moved.starts_at  # whichever arrives first
    assert taken_in(files) == {}
    (event,) = files[2].events
    assert (event.status, event.sequence) == ("CANCELLED", 3)
    assert event.attendees == ("mailto:samar@clinic.example",)
    assert event.organizer == "mailto:no-reply@clinic.example"


def test_a_published_calendar_names_its_entries_once_and_invites_nobody() -> None:
    entries = [entry(f"2026-12-0{day}T12:00", ZONES[day % 4], uid=UUID(int=day)) for day in range(1, 9)]
    (file,) = read_alike([published(entries, SENDER, name="مواعيد")])
    assert file.method == "PUBLISH"
    assert [event.uid for event in file.events] == [str(UUID(int=day)) for day in range(1, 9)]
    assert all(event.attendees == () for event in file.events)


def test_an_empty_calendar_is_one_too() -> None:
    assert read_alike([published([], SENDER, name="Appointments")]) == [File("PUBLISH", ())]


@pytest.mark.parametrize("times", Times)
def test_lines_end_and_fold_as_the_standard_says(times: Times) -> None:
    content = published(
        [entry("2026-12-01T12:00", "Africa/Casablanca")], SENDER, name="مواعيد " * 30, times=times
    )
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut in two


def taken_in(files: list[File]) -> dict[str, Event]:
    """Return the calendar of somebody who takes in `files` in this order (RFC 5546, section 2.1.5)."""
    calendar: dict[str, Event] = {}
    withdrawn: set[str] = set()
    for file in files:
        for event in file.events:
            known = calendar.get(event.uid)
            if known is not None and event.sequence < known.sequence:
                continue
            if file.method == "CANCEL":
                calendar.pop(event.uid, None)
                withdrawn.add(event.uid)
            elif event.uid not in withdrawn:
                calendar[event.uid] = event
    return calendar
