"""When a room's door is open: the patient's around the visit, the therapist's all that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

BEFORE_START: Final = timedelta(minutes=15)
AFTER_END: Final = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Opening:
    """From `opens_at` (included) to `closes_at` (excluded), both UTC."""

    opens_at: datetime
    closes_at: datetime

    def is_early(self, now: datetime) -> bool:
        """Tell whether the door is not open yet."""
        return now < self.opens_at

    def is_over(self, now: datetime) -> bool:
        """Tell whether the door is closed for good."""
        return now >= self.closes_at


def for_patient(starts_at: datetime, ends_at: datetime) -> Opening:
    """Return the patient's opening."""
    return Opening(starts_at - BEFORE_START, ends_at + AFTER_END)


def for_practitioner(starts_at: datetime, ends_at: datetime, tz: str) -> Opening:
    """Return the therapist's opening: the visit's calendar day in `tz`, never less than the patient's."""
    zone = ZoneInfo(tz)
    patient = for_patient(starts_at, ends_at)
    first_day = starts_at.astimezone(zone).date()
    day_after = ends_at.astimezone(zone).date() + timedelta(days=1)
    day_start = datetime.combine(first_day, time.min, zone).astimezone(UTC)
    day_end = datetime.combine(day_after, time.min, zone).astimezone(UTC)
    return Opening(min(day_start, patient.opens_at), max(day_end, patient.closes_at))
