"""The wire shapes of the desk's day."""

from __future__ import annotations

from marshmallow import fields

from clinic.scheduling.rules.arrivals import AbsenceReason, Standing
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.web.schema import Instant, WireSchema, code_field


class PresenceOut(WireSchema):
    """When each side was first seen in the room of a video visit."""

    patient = Instant(required=True, allow_none=True)
    practitioner = Instant(required=True, allow_none=True)


class ArrivalOut(WireSchema):
    """A visit and how it stands; `minutes` until the start, late, or waiting, as `standing` says.

    `absent` is a proposal to note a no-show, from what was really seen; staff decide.
    """

    visit = fields.Nested(AppointmentOut, required=True)
    standing = code_field(Standing, required=True)
    minutes = fields.Integer(required=True)
    late_by = fields.Integer(required=True)
    presence = fields.Nested(PresenceOut, required=True)
    absence = code_field(AbsenceReason, required=True, allow_none=True)


class NoShowIn(WireSchema):
    """Why somebody did not come, if it is known; nothing about health."""

    reason = code_field(AbsenceReason, load_default=None, allow_none=True)
