"""Booking policy: what may be booked, cancelled and joined, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval

HOLD_FOR = timedelta(minutes=10)
HOLDS_PER_PERSON = 2
HOLDS_PER_ADDRESS = 10  # families and student halls share an address
ROOM_OPENS_BEFORE = timedelta(minutes=15)
ROOM_CLOSES_AFTER = timedelta(hours=1)


class Status(StrEnum):
    """The state of an appointment: FHIR's codes, and `held` and `expired` for holds."""

    HELD = "held"
    EXPIRED = "expired"
    BOOKED = "booked"
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


class BookingRule(StrEnum):
    """Who books a service: patients themselves, those who are referred to it, or staff alone."""

    SELF = "self"
    REFERRAL = "referral"
    STAFF = "staff"


LIVE = frozenset({Status.HELD, Status.BOOKED, Status.ARRIVED})
AHEAD = frozenset({Status.BOOKED, Status.ARRIVED})
LONGEST = timedelta(days=1)  # of a visit with its buffers, and of what calendars from outside are cut into


@dataclass(frozen=True, slots=True)
class BookingPolicy:
    """How early and how late a service is booked by patients, and until when they may cancel."""

    lead: timedelta
    horizon: timedelta
    cancellation_notice: timedelta

    def window(self, now: datetime, *, by_staff: bool = False) -> Interval:
        """Return when a visit booked at `now` may start; staff need no lead time."""
        earliest = now if by_staff else now + self.lead
        return Interval(earliest, now + self.horizon)

    def may_cancel(
        self, status: Status, starts_at: datetime, now: datetime, *, by_staff: bool = False
    ) -> bool:
        """Tell whether a visit may be called off or moved; staff may until it is settled."""
        if status not in AHEAD:
            return False
        return by_staff or now <= self.change_until(starts_at)

    def change_until(self, starts_at: datetime) -> datetime:
        """Return the last moment at which patients call the visit off or move it themselves."""
        return starts_at - self.cancellation_notice


def room_opens_at(starts_at: datetime) -> datetime:
    """Return when the waiting room of a video visit opens."""
    return starts_at - ROOM_OPENS_BEFORE


def may_join(status: Status, modality: Modality, visit: Interval, now: datetime) -> bool:
    """Tell whether the room of `visit` is open: from a while before until a while after."""
    if modality is not Modality.VIDEO or status not in AHEAD | {Status.FULFILLED}:
        return False
    return room_opens_at(visit.start) <= now < visit.end + ROOM_CLOSES_AFTER


def may_check_in(
    status: Status, starts_at: datetime, ends_at: datetime, now: datetime, *, by_staff: bool = False
) -> bool:
    """Tell whether arriving at `now` is for this visit: an hour before the room opens, until it is over.

    Staff may say so, too, of somebody who was said not to have come, and came late.
    """
    if status not in AHEAD and not (by_staff and status is Status.NOSHOW):
        return False
    return room_opens_at(starts_at) - timedelta(hours=1) <= now < ends_at


def may_mark_noshow(status: Status, starts_at: datetime, now: datetime) -> bool:
    """Tell whether somebody may be said not to have come: the visit has begun and is not settled."""
    return status in AHEAD and now >= starts_at


def may_mark_fulfilled(status: Status, starts_at: datetime, now: datetime) -> bool:
    """Tell whether somebody may say that a visit took place: it has begun, even if an absence was noted."""
    return status in AHEAD | {Status.NOSHOW} and now >= starts_at


def is_fulfilled(status: Status, modality: Modality, visit: Interval, *, met: bool, now: datetime) -> bool:
    """Tell whether a visit that is over has taken place.

    On video both must have been in the room (`met`); otherwise the patient must have arrived.
    """
    if status not in AHEAD or now < visit.end + ROOM_CLOSES_AFTER:
        return False
    return met if modality is Modality.VIDEO else status is Status.ARRIVED
