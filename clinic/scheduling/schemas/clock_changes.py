"""The wire shapes of clock changes: visits and sessions whose wall time stays and whose instant moves."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.scheduling.rules.clock_changes import Clash
from clinic.scheduling.schemas.groups import GroupOut
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.scheduling.services.clock_changes import MOST_AT_ONCE, Outcome
from clinic.web.schema import Instant, WireSchema, code_field


class ClockChangeOut(WireSchema):
    """A visit or a group's session, the other null; its `local` was promised.

    `shows` is what clocks there show now at the stored instant.
    """

    visit = fields.Nested(AppointmentOut, required=True, allow_none=True)
    group = fields.Nested(GroupOut, required=True, allow_none=True)
    shows = fields.String(required=True)
    new_starts_at = Instant(required=True)
    new_offset = fields.String(required=True)
    minutes = fields.Integer(required=True)
    tzdb = fields.String(required=True)
    conflict = code_field(Clash, required=True, allow_none=True)


class ApprovedIn(WireSchema):
    """A visit or session that may move, as it was seen."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class ApprovalIn(WireSchema):
    """The visits and sessions that may move."""

    visits = fields.List(
        fields.Nested(ApprovedIn), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE)
    )


class DoneOut(WireSchema):
    """What became of one: `moved`, `conflict` (something is in its way), `changed` (meanwhile)."""

    id = fields.UUID(required=True)
    outcome = code_field(Outcome, required=True)


class ApprovalOut(WireSchema):
    """What became of each."""

    items = fields.List(fields.Nested(DoneOut), required=True)
