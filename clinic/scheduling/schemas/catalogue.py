"""The wire shapes of what can be booked, with whom and when: services, the directory, free times."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.schemas.times import PeriodQuery
from clinic.web.schema import Instant, PageQuery, ShortListQuery, WireSchema, code_field

CODE = validate.Regexp(r"^[a-z][a-z0-9_-]{0,39}$", error="This is not a code.")


class PractitionersQuery(PageQuery):
    """Whom one looks for in the directory; `service` is one that they offer."""

    language = fields.String(load_default=None, validate=CODE)
    specialty = fields.String(load_default=None, validate=CODE)
    gender = fields.String(load_default=None, validate=CODE)
    modality = code_field(Modality, load_default=None)
    service = fields.UUID(load_default=None)


class ServicesQuery(ShortListQuery):
    """Which services one looks for."""

    groups = fields.Boolean(load_default=False)


class SlotsQuery(PeriodQuery):
    """What one looks for among the free times; `own`: for oneself, as any patient, whoever works here."""

    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=200))
    service = fields.UUID(required=True)
    practitioner = fields.UUID(load_default=None)
    language = fields.String(load_default=None, validate=CODE)
    specialty = fields.String(load_default=None, validate=CODE)
    gender = fields.String(load_default=None, validate=CODE)
    modality = code_field(Modality, load_default=None)
    site = fields.UUID(load_default=None)
    part = code_field(DayPart, load_default=None)
    fair = fields.Boolean(load_default=False)
    own = fields.Boolean(load_default=False)


class ServiceOut(WireSchema):
    """A kind of visit: it starts every `grid_minutes`; patients call it off until `notice_minutes` before.

    `booking_rule` says who books it: `self`, `referral` (those in care or referred), `staff`.
    """

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    minutes = fields.Integer(required=True)
    grid_minutes = fields.Integer(required=True)
    notice_minutes = fields.Integer(required=True)
    modalities = fields.List(code_field(Modality), required=True)
    kind = fields.String(required=True)
    seats = fields.Integer(required=True)
    joinable = fields.Boolean(required=True)
    booking_rule = code_field(BookingRule, required=True)


class SiteOut(WireSchema):
    """A place of the clinic."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    tz = fields.String(required=True)


class PractitionerOut(WireSchema):
    """Someone who holds visits."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    profession = fields.String(required=True)
    gender = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    specialties = fields.List(fields.String(), required=True)
    modalities = fields.List(code_field(Modality), required=True)
    site = fields.Nested(SiteOut, required=True)


class TimeOut(WireSchema):
    """A time with somebody; `local` is the wall clock at the site."""

    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    service = fields.UUID(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)


class SlotOut(TimeOut):
    """A free time, and where; a `reserved` one, which only staff see, is kept for urgent requests as yet.

    `site_names` says by language where one goes, unless visits from afar are asked for.
    """

    site = fields.UUID(required=True)
    site_names = fields.Dict(keys=fields.String(), values=fields.String(), required=True, allow_none=True)
    reserved = fields.Boolean(required=True)
