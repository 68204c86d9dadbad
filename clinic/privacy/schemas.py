"""The wire shape of the access log."""

from __future__ import annotations

from marshmallow import fields

from clinic.audit.models import Outcome
from clinic.web.schema import Instant, WireSchema, code_field, page_of


class LogEntryOut(WireSchema):
    """Who did what, when, why, how it ended, and how often within the hour before."""

    id = fields.UUID(required=True, attribute="line.id")
    at = Instant(required=True, attribute="line.at")
    actor_name = fields.String(required=True, allow_none=True)
    actor_role = fields.String(required=True)
    action = fields.String(required=True, attribute="line.action")
    object_type = fields.String(required=True, allow_none=True, attribute="line.object_type")
    object_id = fields.UUID(required=True, allow_none=True, attribute="line.object_id")
    purpose = fields.String(required=True, allow_none=True, attribute="line.purpose")
    outcome = code_field(Outcome, required=True, attribute="line.outcome")
    reason_code = fields.String(required=True, allow_none=True, attribute="line.reason_code")
    times = fields.Integer(required=True, attribute="line.times")


LogPage = page_of(LogEntryOut)
