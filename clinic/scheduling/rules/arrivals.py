"""Where a visit of the day stands for the desk: due, late, here, or perhaps not coming at all.

A no-show is only ever proposed, from what was really seen; staff decide (peers mark it by themselves, and
are wrong about people whose connection failed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import ROOM_CLOSES_AFTER, Status
from clinic.scheduling.rules.intervals import Interval

DUE_BEFORE = timedelta(minutes=30)
ABSENT_AFTER = timedelta(minutes=15)


class Standing(StrEnum):
    """What the desk sees of a visit at this moment."""

    LATER = "later"
    DUE = "due"
    LATE = "late"
    ABSENT = "absent"
    HERE = "here"
    MET = "met"
    UNMET = "unmet"
    MISSED = "missed"
    DONE = "done"


class AbsenceReason(StrEnum):
    """Why somebody did not come, as far as the desk knows; nothing about health."""

    UNREACHED = "unreached"
    SHORT_NOTICE = "short_notice"
    FORGOT = "forgot"
    TRAVEL = "travel"
    TECHNICAL = "technical"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Presence:
    """When each side was first seen in the room of a video visit."""

    patient: datetime | None = None
    practitioner: datetime | None = None

    @property
    def both(self) -> bool:
        """Tell whether the two have met."""
        return self.patient is not None and self.practitioner is not None


@dataclass(frozen=True, slots=True)
class Situation:
    """A visit and what is known of who came."""

    status: Status
    modality: Modality
    visit: Interval
    checked_in_at: datetime | None
    presence: Presence


_SETTLED = {Status.NOSHOW: Standing.MISSED, Status.FULFILLED: Standing.DONE}


def standing(of: Situation, now: datetime) -> Standing:
    """Return how a visit stands at `now`.

    `absent` proposes to note a no-show: nobody was seen a quarter of an hour in; by telephone at the end,
    since no machine sees calls. `unmet` is no fault of the patient: they came, the session did not happen.
    """
    if of.status in _SETTLED:
        return _SETTLED[of.status]
    if of.presence.both:
        return Standing.MET
    if of.status is Status.ARRIVED:
        return Standing.UNMET if _is_unmet(of, now) else Standing.HERE
    if now < of.visit.start:
        return Standing.DUE if now >= of.visit.start - DUE_BEFORE else Standing.LATER
    return Standing.ABSENT if now >= _absent_from(of) else Standing.LATE


def minutes(of: Situation, now: datetime) -> int:
    """Return whole minutes: until the start, late since it, or waiting since the arrival; never negative."""
    found = standing(of, now)
    if found in {Standing.DUE, Standing.LATER}:
        return _whole(of.visit.start - now)
    if found in {Standing.LATE, Standing.ABSENT}:
        return _whole(now - of.visit.start)
    if found is Standing.HERE and of.checked_in_at is not None:
        return _whole(now - of.checked_in_at)
    return 0


def late_by(of: Situation) -> int:
    """Return how many whole minutes after the start the patient came; 0 if in time or not seen."""
    seen = [at for at in (of.checked_in_at, of.presence.patient) if at is not None]
    return _whole(min(seen) - of.visit.start) if seen else 0


def _absent_from(of: Situation) -> datetime:
    if of.modality is Modality.PHONE:
        return of.visit.end
    return min(of.visit.start + ABSENT_AFTER, of.visit.end)


def _is_unmet(of: Situation, now: datetime) -> bool:
    return of.modality is Modality.VIDEO and now >= of.visit.end + ROOM_CLOSES_AFTER


def _whole(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
