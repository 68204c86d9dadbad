"""Messages about visits, reminders and a guardian's view, on the wire."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.notifications.models import OutboxState
from clinic.notifications.rules.ways import Way
from clinic.scheduling.queries.subjects import About
from clinic.scheduling.schemas.times import DiaryInstant
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.web.schema import Instant, ShortListQuery, WireSchema, code_field, page_of

_TOLD = ("patient", "guardian", "practitioner", "desk")


class DeliveryOut(WireSchema):
    """What became of one message; `local` is `at` on the clocks of the visit, the offered time or the clinic.

    `visit_local` is when the visit or the offered time begins; a request has none.
    """

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    to = fields.String(required=True, validate=validate.OneOf(_TOLD))
    to_name = fields.String(required=True, allow_none=True)
    state = code_field(OutboxState, required=True)
    way = code_field(Way, required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)
    about = code_field(About, required=True)
    appointment = fields.UUID(required=True, allow_none=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    visit_local = fields.String(required=True, allow_none=True)


DeliveryPage = page_of(DeliveryOut)


class QueuedOut(WireSchema):
    """How many messages leave again."""

    queued = fields.Integer(required=True)


class RemindingIn(WireSchema):
    """How many minutes before a visit of a service people are reminded; null is as the clinic does."""

    minutes = fields.List(
        fields.Integer(strict=True), required=True, allow_none=True, validate=validate.Length(max=20)
    )


class RemindingOut(WireSchema):
    """How one service reminds; `etag` is what `If-Match` names to change it."""

    service = fields.UUID(required=True)
    name = fields.String(required=True)
    minutes = fields.List(fields.Integer(), required=True, allow_none=True)
    etag = fields.String(required=True)


class RemindersOut(WireSchema):
    """How the clinic reminds by habit, and what each service does."""

    usual = fields.List(fields.Integer(), required=True)
    items = fields.List(fields.Nested(RemindingOut), required=True)
    next = fields.String(allow_none=True)


class WardOut(WireSchema):
    """A minor whom one stands in for; `coming` counts the visits ahead that one may be told of."""

    patient = fields.UUID(required=True)
    name = fields.String(required=True)
    until = Instant(required=True)
    coming = fields.Integer(required=True)


WardPage = page_of(WardOut)


class WardVisitOut(AppointmentOut):
    """A minor's visit, as their guardian sees it."""


WardVisitPage = page_of(WardVisitOut)


class WardVisitsQuery(ShortListQuery):
    """Which visits of a minor one looks for."""

    start = DiaryInstant(data_key="from", load_default=None)
    end = DiaryInstant(data_key="to", load_default=None)
