"""The wire shapes of calendars beyond the clinic: files, feeds, and those that are read for busy times."""

from __future__ import annotations

from marshmallow import fields

from clinic.scheduling.models.calendars import Detail
from clinic.scheduling.queries.external_calendars import State
from clinic.scheduling.rules.calendar_file import Times
from clinic.web.schema import Instant, WireSchema, code_field, text_field


class CalendarFileQuery(WireSchema):
    """How the file tells times: `utc`, or `zone` for wall times with the rules of their zone."""

    times = code_field(Times, load_default=Times.UTC)


class FeedIn(WireSchema):
    """What the entries of a new feed say: `neutral` ("Appointment"), or `names` of service and people."""

    detail = code_field(Detail, load_default=Detail.NEUTRAL)


class FeedOut(WireSchema):
    """A calendar address that somebody has made; the address itself is shown once."""

    id = fields.UUID(required=True)
    detail = code_field(Detail, required=True)
    created_at = Instant(required=True)
    renewed_at = Instant(required=True)


class NewFeedOut(FeedOut):
    """A feed with its address; null where the request was a retry and the address has been shown."""

    address = fields.String(required=True, allow_none=True)


class ExternalCalendarIn(WireSchema):
    """The address of a calendar elsewhere; it is sealed and never shown again."""

    address = text_field(2_000, required=True)


class ExternalCalendarOut(WireSchema):
    """A calendar elsewhere; `failure` is a code while it cannot be read, `busy` counts its busy stretches."""

    id = fields.UUID(required=True)
    host = fields.String(required=True)
    state = code_field(State, required=True)
    failure = fields.String(required=True, allow_none=True)
    read_at = Instant(required=True, allow_none=True)
    due_at = Instant(required=True)
    created_at = Instant(required=True)
    busy = fields.Integer(required=True)
