"""Times in a diary: instants and wall times of this century, in zones that there are."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from marshmallow import ValidationError, fields

from clinic.errors import Invalid
from clinic.scheduling.rules.zones import to_utc, zone
from clinic.web.runtime import profile
from clinic.web.schema import Instant

_NO_DATE = "Give a date from 2000 to 2100."
_YEARS = range(2000, 2101)  # what a diary can mean; sums around it stay inside the calendar


class DiaryInstant(Instant):
    """An instant of this century, as everything that is planned."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = super()._deserialize(value, attr, data, **kwargs)
        except OverflowError:
            raise ValidationError(_NO_DATE) from None
        is_in_a_diary(moment)
        return moment


class PeriodEdge(DiaryInstant):
    """Where a stretch of time begins or ends: an instant, or a date for its first moment at the clinic.

    Pages send dates: what offset a day to come has in the clinic's zone, the server alone knows.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
        except ValueError:
            day = None
        if day is None:
            return super()._deserialize(value, attr, data, **kwargs)
        is_in_a_diary(day)
        return to_utc(datetime.combine(day, time.min), profile().tz)


class DiaryDate(fields.Date):
    """A day of this century."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        day = super()._deserialize(value, attr, data, **kwargs)
        is_in_a_diary(day)
        return day


class WallTime(fields.NaiveDateTime):
    """What a clock and a calendar show, without an offset: "2026-11-22T16:00"."""

    def __init__(self, **kwargs: Any) -> None:
        """Read and write minutes."""
        super().__init__(format="%Y-%m-%dT%H:%M", validate=is_in_a_diary, **kwargs)


def is_in_a_diary(day: date) -> None:
    """Refuse a day that no diary can mean."""
    if day.year not in _YEARS:
        raise ValidationError(_NO_DATE)


def is_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    try:
        zone(name)
    except Invalid:
        raise ValidationError("This is not the name of a time zone.") from None
