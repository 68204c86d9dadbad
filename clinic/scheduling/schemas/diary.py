"""The wire shapes of the staff calendar: what is asked for, and a page of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.schemas.groups import GroupOut
from clinic.scheduling.schemas.times import PeriodEdge
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.web.schema import Instant, ShortListQuery, WireSchema, code_field


class CalendarQuery(ShortListQuery):
    """The stretch of a calendar page; at most 62 days."""

    start = PeriodEdge(data_key="from", required=True)
    end = PeriodEdge(data_key="to", required=True)
    practitioner = fields.UUID(load_default=None)

    @validates_schema
    def is_a_page(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse what is empty, reversed or longer than two months."""
        start, end = data.get("start"), data.get("end")
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            return
        if end <= start:
            raise ValidationError("The end comes after the start.", field_name="to")
        if (end - start).days > 62:
            raise ValidationError("A calendar page is at most 62 days.", field_name="to")


class StretchOut(WireSchema):
    """From an instant to another; `local` and `local_end` are what clocks show then in `tz`."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    local_end = fields.String(required=True)
    tz = fields.String(required=True)


class HoursOut(StretchOut):
    """A stretch in which a practitioner is open for visits."""

    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    site = fields.UUID(required=True)


class AwayOut(StretchOut):
    """A stretch in which a practitioner is closed or on leave, without the reason."""

    id = fields.UUID(required=True)
    kind = code_field(ExceptionKind, required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    local = fields.String(required=True, attribute="starts")
    local_end = fields.String(required=True, attribute="ends")
    cover = fields.UUID(required=True, allow_none=True)
    cover_name = fields.String(required=True, allow_none=True)


class ClosedOut(StretchOut):
    """A stretch in which a site is closed."""

    id = fields.UUID(required=True)
    site = fields.UUID(required=True)
    name = fields.String(required=True)
    local = fields.String(required=True, attribute="starts")
    local_end = fields.String(required=True, attribute="ends")


class HeldOut(StretchOut):
    """A time that somebody is confirming just now; not who."""

    id = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    expires_at = Instant(required=True)


class CalendarOut(WireSchema):
    """A page of the staff calendar: visits, groups' sessions, the hours they lie in, and who is away.

    `clock_changes` tells the desk how many visits new zone rules have moved (see `/clock-changes`).
    """

    items = fields.List(fields.Nested(AppointmentOut), required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)
    holds = fields.List(fields.Nested(HeldOut), required=True)
    hours = fields.List(fields.Nested(HoursOut), required=True)
    leave = fields.List(fields.Nested(AwayOut), required=True)
    holidays = fields.List(fields.Nested(ClosedOut), required=True)
    clock_changes = fields.Integer(required=True)
    next = fields.String(allow_none=True)
