"""The wire shapes of opening hours: the document of rules and sets, and what differs from it."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.scheduling.rules.availability import Modality, SetKind
from clinic.scheduling.rules.exceptions import DIFFERING, ExceptionKind
from clinic.scheduling.rules.holidays import YEARS, Country
from clinic.scheduling.rules.hours import MOST_RULES, MOST_SETS
from clinic.scheduling.schemas.groups import GroupOut
from clinic.scheduling.schemas.on_call import DutyOut
from clinic.scheduling.schemas.times import PeriodEdge, WallTime, is_in_a_diary, is_zone
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.web.schema import Instant, ShortListQuery, WireSchema, code_field, text_field


class DatedRuleShape(WireSchema):
    """Open every weekday (Monday is 0) from a wall time to a wall time, on the next day if `overnight`.

    `site` is null for the practitioner's own.
    """

    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=6))
    start = fields.Time(required=True, format="%H:%M")
    end = fields.Time(required=True, format="%H:%M")
    overnight = fields.Boolean(load_default=False)
    tz = fields.String(required=True, validate=[validate.Length(max=64), is_zone])
    site = fields.UUID(load_default=None, allow_none=True)
    modalities = fields.List(
        code_field(Modality), data_key="modality", required=True, validate=validate.Length(min=1)
    )


class RuleShape(DatedRuleShape):
    """A weekly rule; both dates are included."""

    valid_from = fields.Date(required=True, validate=is_in_a_diary)
    valid_to = fields.Date(load_default=None, allow_none=True, validate=is_in_a_diary)


class SetShape(WireSchema):
    """Other hours for a while, as in Ramadan or on a journey: on these days the usual ones do not hold."""

    kind = code_field(SetKind, required=True)
    first = fields.Date(required=True, data_key="from", validate=is_in_a_diary)
    last = fields.Date(required=True, data_key="to", validate=is_in_a_diary)
    rules = fields.List(
        fields.Nested(DatedRuleShape), required=True, validate=validate.Length(max=MOST_RULES)
    )


class HoursIn(WireSchema):
    """A practitioner's hours, whole; without `sets` the sets stay as they are."""

    rules = fields.List(fields.Nested(RuleShape), required=True, validate=validate.Length(max=MOST_RULES))
    sets = fields.List(fields.Nested(SetShape), load_default=None, validate=validate.Length(max=MOST_SETS))


class StretchShape(WireSchema):
    """From a wall time to another, on the clocks of `tz` or else of the practitioner's site."""

    starts = WallTime(required=True)
    ends = WallTime(required=True)
    tz = fields.String(load_default=None, allow_none=True, validate=[validate.Length(max=64), is_zone])


class LeaveIn(StretchShape):
    """Leave: `reason` is read by the practitioner and the desk alone, `cover` is a colleague."""

    reason = text_field(500, load_default=None, allow_none=True)
    cover = fields.UUID(load_default=None, allow_none=True)


class ExceptionIn(StretchShape):
    """Open once at a site, or closed for a stretch at every site."""

    kind = fields.Enum(
        ExceptionKind, by_value=True, required=True, validate=validate.OneOf(sorted(DIFFERING))
    )
    site = fields.UUID(load_default=None, allow_none=True)
    modalities = fields.List(
        code_field(Modality),
        data_key="modality",
        load_default=lambda: list(Modality),
        validate=validate.Length(min=1),
    )


class PreviewQuery(WireSchema):
    """With `preview=1` nothing is kept: the answer says what would be."""

    preview = fields.Boolean(load_default=False)


class SinceQuery(ShortListQuery):
    """What is not over at `from`; without it, now."""

    since = PeriodEdge(data_key="from", load_default=None)


class StretchOut(WireSchema):
    """A stretch that differs from the usual hours; `id` is null in a preview."""

    id = fields.UUID(required=True, allow_none=True)
    kind = code_field(ExceptionKind, required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    starts = fields.String(required=True)
    ends = fields.String(required=True)
    tz = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    offset = fields.String(required=True)
    site = fields.UUID(required=True, allow_none=True)
    modalities = fields.List(code_field(Modality), data_key="modality", required=True)
    cover = fields.UUID(required=True, allow_none=True)
    cover_name = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class StretchEffectOut(WireSchema):
    """A stretch, and the visits and sessions that are booked in it: they stay until somebody moves them.

    `duties` are those of somebody on leave: each is a gap in the rota until a colleague steps in.
    """

    stretch = fields.Nested(StretchOut, required=True)
    visits = fields.List(fields.Nested(AppointmentOut), required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)
    duties = fields.List(fields.Nested(DutyOut), required=True)


class HoursDocumentOut(WireSchema):
    """All that says when a practitioner is open; of `exceptions` and `leave` those that are not over."""

    rules = fields.List(fields.Nested(RuleShape), required=True)
    sets = fields.List(fields.Nested(SetShape), required=True)
    exceptions = fields.List(fields.Nested(StretchOut), required=True)
    leave = fields.List(fields.Nested(StretchOut), required=True)


class HoursEffectOut(HoursDocumentOut):
    """The hours as they become, and what is booked outside them: it stays until somebody moves it."""

    visits = fields.List(fields.Nested(AppointmentOut), required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)


class HolidayShape(WireSchema):
    """A day or a part of one at a site, in wall times; with `closes` off it is open as usual."""

    starts = WallTime(required=True)
    ends = WallTime(required=True)
    names = fields.Dict(
        keys=fields.String(validate=validate.OneOf(("ar", "fr", "en"))),
        values=text_field(80, shortest=0),
        required=True,
    )
    closes = fields.Boolean(load_default=True)


class HolidayOut(WireSchema):
    """A holiday that was decided on; `name` is in the caller's language, `version` its ETag."""

    id = fields.UUID(required=True, allow_none=True)
    site = fields.UUID(required=True)
    starts = fields.String(required=True)
    ends = fields.String(required=True)
    tz = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    name = fields.String(required=True)
    closes = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class HolidayEffectOut(WireSchema):
    """A holiday, and the visits and sessions that are booked in it at the site."""

    holiday = fields.Nested(HolidayOut, required=True)
    visits = fields.List(fields.Nested(AppointmentOut), required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)


class ProposalOut(WireSchema):
    """A holiday that a calendar names, both days included; `estimated` where the moon decides."""

    first = fields.Date(required=True, data_key="from", attribute="days.first")
    last = fields.Date(required=True, data_key="to", attribute="days.last")
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    estimated = fields.Boolean(required=True)


class HolidaysQuery(ShortListQuery):
    """Which year, and whose calendar proposes; without `country` that of the site's zone."""

    year = fields.Integer(required=True, validate=validate.Range(min=YEARS[0], max=YEARS[-1]))
    country = code_field(Country, load_default=None)


class HolidaysOut(WireSchema):
    """A site's year: what is decided, and what is proposed beside it."""

    items = fields.List(fields.Nested(HolidayOut), required=True)
    proposals = fields.List(fields.Nested(ProposalOut), required=True)
    country = code_field(Country, required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


class YearQuery(ShortListQuery):
    """Which year."""

    year = fields.Integer(required=True, validate=validate.Range(min=YEARS[0], max=YEARS[-1]))


class DaysOut(WireSchema):
    """From one day to another, both included."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
