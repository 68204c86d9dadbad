"""Times in a diary: instants, wall times and periods of this century, in zones that there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from clinic.errors import Invalid
from clinic.scheduling.rules.zones import instant_at, to_utc, zone
from clinic.web.runtime import profile
from clinic.web.schema import Instant, PageQuery, WireSchema

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


class PeriodQuery(PageQuery):
    """A list over time: from an instant up to another."""

    start = PeriodEdge(data_key="from", load_default=None)
    end = PeriodEdge(data_key="to", load_default=None)

    @validates_schema
    def ends_after_it_starts(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a period that is over before it begins."""
        start, end = data.get("start"), data.get("end")
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            raise ValidationError("The end comes after the start.", field_name="to")


class When(WireSchema):
    """When something starts: an instant, or what the clocks of `tz` show then."""

    starts_at = DiaryInstant()
    local = WallTime()
    tz = fields.String(validate=[validate.Length(max=64), is_zone])

    @validates_schema
    def says_when_once(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse both ways at once, neither, and a wall time without its zone."""
        if ("starts_at" in data) == ("local" in data):
            raise ValidationError("Give an instant, or a wall time with its zone.", field_name="starts_at")
        if ("local" in data) != ("tz" in data):
            raise ValidationError("A wall time and its zone go together.", field_name="tz")

    @post_load
    def resolved(self, data: dict[str, Any], **_options: object) -> dict[str, Any]:
        """Turn a wall time into its instant; raises Invalid where the clocks skip it."""
        local, tz = data.pop("local", None), data.pop("tz", None)
        return data if local is None else {**data, "starts_at": instant_at(local, tz)}
