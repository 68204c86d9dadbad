"""Booking policy: lead time, horizon, notice, and when the room is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import (
    BookingPolicy,
    Status,
    is_fulfilled,
    may_check_in,
    may_join,
    may_mark_fulfilled,
    may_mark_noshow,
    room_opens_at,
)
from clinic.scheduling.rules.intervals import Interval

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
END = START + timedelta(minutes=50)
VISIT = Interval(START, END)
MINUTE = timedelta(minutes=1)
POLICY = BookingPolicy(
    lead=timedelta(hours=2), horizon=timedelta(days=42), cancellation_notice=timedelta(hours=24)
)


def test_patients_book_after_the_lead_time_and_staff_at_once() -> None:
    assert POLICY.window(START) == Interval(START + POLICY.lead, START + POLICY.horizon)
    assert POLICY.window(START, by_staff=True).start == START


@pytest.mark.parametrize(
    ("status", "before", "by_staff", "allowed"),
    [
        (Status.BOOKED, timedelta(hours=24), False, True),
        (Status.BOOKED, timedelta(hours=24) - MINUTE, False, False),
        (Status.BOOKED, timedelta(0), True, True),
        (Status.CANCELLED, timedelta(days=3), False, False),
        (Status.NOSHOW, timedelta(days=3), True, False),
    ],
)
def test_cancelling_needs_notice_except_for_staff(
    status: Status, before: timedelta, by_staff: bool, allowed: bool
) -> None:
    assert POLICY.may_cancel(status, START, START - before, by_staff=by_staff) is allowed


@pytest.mark.parametrize(
    ("status", "modality", "now", "allowed"),
    [
        (Status.BOOKED, Modality.VIDEO, START - timedelta(minutes=15), True),
        (Status.BOOKED, Modality.VIDEO, START - timedelta(minutes=15, seconds=1), False),
        (Status.FULFILLED, Modality.VIDEO, END, True),
        (Status.ARRIVED, Modality.VIDEO, END + timedelta(hours=1), False),
        (Status.BOOKED, Modality.PHONE, START, False),
        (Status.CANCELLED, Modality.VIDEO, START, False),
    ],
)
def test_the_room_is_open_around_the_visit(
    status: Status, modality: Modality, now: datetime, allowed: bool
) -> None:
    assert may_join(status, modality, VISIT, now) is allowed
    assert room_opens_at(START) == START - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("status", "now", "allowed"),
    [
        (Status.BOOKED, START - timedelta(minutes=75), True),
        (Status.BOOKED, START - timedelta(minutes=76), False),
        (Status.ARRIVED, END - MINUTE, True),
        (Status.BOOKED, END, False),
        (Status.CANCELLED, START, False),
    ],
)
def test_checks_in_from_an_hour_before_the_room_opens(status: Status, now: datetime, allowed: bool) -> None:
    assert may_check_in(status, START, END, now) is allowed


def test_staff_alone_let_in_who_was_said_to_be_missing() -> None:
    late = START + 20 * MINUTE
    assert may_check_in(Status.NOSHOW, START, END, late, by_staff=True)
    assert not may_check_in(Status.NOSHOW, START, END, END, by_staff=True)
    assert not may_check_in(Status.NOSHOW, START, END, late)


def test_nobody_is_missing_before_the_visit_begins() -> None:
    assert not may_mark_noshow(Status.BOOKED, START, START - MINUTE)
    assert may_mark_noshow(Status.BOOKED, START, START)
    assert not may_mark_noshow(Status.FULFILLED, START, END)


@pytest.mark.parametrize(
    ("status", "now", "allowed"),
    [
        (Status.BOOKED, START, True),
        (Status.BOOKED, START - MINUTE, False),
        (Status.NOSHOW, END + timedelta(days=3), True),
        (Status.CANCELLED, END, False),
    ],
)
def test_a_visit_has_taken_place_once_it_has_begun(status: Status, now: datetime, allowed: bool) -> None:
    assert may_mark_fulfilled(status, START, now) is allowed


@pytest.mark.parametrize(
    ("status", "modality", "met", "late", "fulfilled"),
    [
        (Status.ARRIVED, Modality.VIDEO, True, timedelta(hours=1), True),
        (Status.ARRIVED, Modality.VIDEO, False, timedelta(hours=1), False),
        (Status.ARRIVED, Modality.IN_PERSON, False, timedelta(hours=1), True),
        (Status.BOOKED, Modality.PHONE, False, timedelta(hours=1), False),
        (Status.ARRIVED, Modality.VIDEO, True, timedelta(minutes=59), False),
        (Status.CANCELLED, Modality.VIDEO, True, timedelta(hours=1), False),
    ],
)
def test_a_visit_is_fulfilled_when_it_is_over_and_people_met(
    status: Status, modality: Modality, met: bool, late: timedelta, fulfilled: bool
) -> None:
    assert is_fulfilled(status, modality, VISIT, met=met, now=END + late) is fulfilled
