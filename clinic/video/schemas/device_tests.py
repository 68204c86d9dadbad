"""What goes over the wire in a device test."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.video.rules.offer import LONGEST
from clinic.video.rules.quality import EchoState, Words
from clinic.web.schema import WireSchema, code_field


class DeviceTestIn(WireSchema):
    """A complete SDP offer of one audio line, candidates inside."""

    sdp = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))


class DeviceTestOut(WireSchema):
    """The test's id and the complete SDP answer."""

    id = fields.UUID(required=True)
    sdp = fields.String(required=True)


class DeviceReportOut(WireSchema):
    """What was measured: loss is a fraction of 1, delay the round trip; null where not yet known."""

    state = code_field(EchoState, required=True)
    loss = fields.Float(required=True, allow_none=True)
    delay_ms = fields.Integer(required=True, allow_none=True)
    jitter_ms = fields.Integer(required=True, allow_none=True)
    rate_kbps = fields.Integer(required=True, allow_none=True)
    heard = fields.Boolean(required=True)
    words_code = code_field(Words, required=True, attribute="words")
