"""The wire shapes of the rota: the document of its rules, covers, and who is on call when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.scheduling.rules.on_call import FIRST, MOST_RULES, MOST_STEPS
from clinic.scheduling.schemas.times import PeriodEdge, WallTime, is_in_a_diary, is_zone
from clinic.web.documents import ChangeOut
from clinic.web.schema import Instant, ShortListQuery, WireSchema

LONGEST_WINDOW = timedelta(days=63)


def _zone(**how: Any) -> fields.String:
    return fields.String(validate=[validate.Length(max=64), is_zone], **how)


def _step() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=FIRST, max=MOST_STEPS))


class DutyRuleShape(WireSchema):
    """Every weekday (Monday is 0) somebody is on call, to the next day if `overnight`; step 1 is asked first.

    Both dates are included; without a last one it goes on.
    """

    practitioner = fields.UUID(required=True)
    step = _step()
    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=6))
    start = fields.Time(required=True, format="%H:%M")
    end = fields.Time(required=True, format="%H:%M")
    overnight = fields.Boolean(load_default=False)
    tz = _zone(required=True)
    valid_from = fields.Date(required=True, validate=is_in_a_diary)
    valid_to = fields.Date(load_default=None, allow_none=True, validate=is_in_a_diary)


class RotaIn(WireSchema):
    """A rota, whole: who has not answered within `answer_minutes` is followed by the next step.

    With `around_the_clock` each hour without anybody at step 1 counts as a gap.
    """

    rules = fields.List(fields.Nested(DutyRuleShape), required=True, validate=validate.Length(max=MOST_RULES))
    around_the_clock = fields.Boolean(required=True)
    answer_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=120))


class DutyRuleOut(WireSchema):
    """A weekly rule with the name of who is on call."""

    practitioner = fields.UUID(required=True, attribute="rule.practitioner")
    practitioner_name = fields.String(required=True)
    step = fields.Integer(required=True, attribute="rule.step")
    weekday = fields.Integer(required=True, attribute="rule.week.weekday")
    start = fields.Time(required=True, format="%H:%M", attribute="rule.week.start")
    end = fields.Time(required=True, format="%H:%M", attribute="rule.week.end")
    overnight = fields.Boolean(required=True, attribute="rule.week.overnight")
    tz = fields.String(required=True, attribute="rule.week.tz")
    valid_from = fields.Date(required=True, attribute="rule.week.valid_from")
    valid_to = fields.Date(required=True, allow_none=True, attribute="rule.week.valid_to")


class TeamMemberOut(WireSchema):
    """Somebody who holds visits of the service, and so may be on call."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class CoverIn(WireSchema):
    """Somebody steps in from a wall time to another, on the clocks of `tz` or else of the clinic.

    With `instead_of`, only when that colleague would be on call at this step.
    """

    practitioner = fields.UUID(required=True)
    instead_of = fields.UUID(load_default=None, allow_none=True)
    step = _step()
    starts = WallTime(required=True)
    ends = WallTime(required=True)
    tz = _zone(load_default=None, allow_none=True)


class CoverOut(WireSchema):
    """Who steps in, for whom and when; wall times of `tz`."""

    id = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    instead_of = fields.UUID(required=True, allow_none=True)
    instead_of_name = fields.String(required=True, allow_none=True)
    step = fields.Integer(required=True)
    starts = fields.String(required=True)
    ends = fields.String(required=True)
    tz = fields.String(required=True)


class RotaOut(WireSchema):
    """A rota with its version; `covers` are those that are not over, `team` may be put on call."""

    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    around_the_clock = fields.Boolean(required=True)
    answer_minutes = fields.Integer(required=True)
    rules = fields.List(fields.Nested(DutyRuleOut), required=True)
    team = fields.List(fields.Nested(TeamMemberOut), required=True)
    covers = fields.List(fields.Nested(CoverOut), required=True)
    version = fields.Integer(required=True)
    changed = fields.Nested(ChangeOut, required=True)


class OnCallQuery(ShortListQuery):
    """Which duties; without an end a week, without a start from now on."""

    start = PeriodEdge(data_key="from", load_default=None)
    end = PeriodEdge(data_key="to", load_default=None)

    @validates_schema
    def is_a_window(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a window that ends before it starts, one without a start, and one of years."""
        start, end = data.get("start"), data.get("end")
        if start is None and end is not None:
            raise ValidationError("Say where it starts, too.", field_name="from")
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            return
        if not start < end <= start + LONGEST_WINDOW:
            raise ValidationError("The end comes after the start, within nine weeks.", field_name="to")


class DutyOut(WireSchema):
    """Somebody is on call; `local` and `local_end` are wall times of the clinic."""

    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    step = fields.Integer(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    local_end = fields.String(required=True)
    cover = fields.UUID(required=True, allow_none=True)


class UncoveredOut(WireSchema):
    """A step has nobody; `away` are on leave then, with `nobody` no other step has anyone either."""

    step = fields.Integer(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    local_end = fields.String(required=True)
    away = fields.List(fields.String(), required=True)
    nobody = fields.Boolean(required=True)


class OnCallOut(WireSchema):
    """One urgent service: who is on call now and from `next_at` on; `gaps` of the next four weeks."""

    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    tz = fields.String(required=True)
    made = fields.Boolean(required=True)
    around_the_clock = fields.Boolean(required=True)
    answer_minutes = fields.Integer(required=True, allow_none=True)
    now = fields.List(fields.Nested(DutyOut), required=True)
    next = fields.List(fields.Nested(DutyOut), required=True)
    next_at = Instant(required=True, allow_none=True)
    next_local = fields.String(required=True, allow_none=True)
    duties = fields.List(fields.Nested(DutyOut), required=True)
    gaps = fields.List(fields.Nested(UncoveredOut), required=True)
