"""The wire shapes of planning: previews, rooms and referrals."""

from __future__ import annotations

from marshmallow import fields

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.conflicts import Kind
from clinic.scheduling.schemas.catalogue import SlotOut
from clinic.scheduling.schemas.times import When
from clinic.web.schema import Instant, WireSchema, code_field


class PreviewIn(When):
    """A visit that somebody thinks of; `appointment` is the one that would move there."""

    service = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    modality = code_field(Modality, required=True)

    patient = fields.UUID(load_default=None, allow_none=True)
    appointment = fields.UUID(load_default=None, allow_none=True)


class ConflictOut(WireSchema):
    """One thing in the way; nobody books over a `firm` one. Names are for those who see the diary."""

    kind = code_field(Kind, required=True)
    firm = fields.Boolean(required=True)
    appointment = fields.UUID(allow_none=True)
    patient_name = fields.String(allow_none=True)
    starts_at = Instant(allow_none=True)
    ends_at = Instant(allow_none=True)
    local = fields.String(allow_none=True)
    local_end = fields.String(allow_none=True)


class PreviewOut(WireSchema):
    """The visit as it would be: `offered` when nothing is in the way; else what is, and times near it."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    local_end = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)
    offered = fields.Boolean(required=True)
    may_override = fields.Boolean(required=True)
    location = fields.UUID(allow_none=True)
    location_name = fields.String(allow_none=True)
    conflicts = fields.List(fields.Nested(ConflictOut), required=True)
    alternatives = fields.List(fields.Nested(SlotOut), required=True)


class PlaceOut(WireSchema):
    """A room that a visit may be put in, and whether it is free then."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    free = fields.Boolean(required=True)


class PlaceIn(WireSchema):
    """The room that a visit is put in; null takes it out of any."""

    location = fields.UUID(required=True, allow_none=True)


class ReferralIn(WireSchema):
    """The service that is opened to a patient."""

    service = fields.UUID(required=True)


class ReferralOut(WireSchema):
    """A service that is open to a patient by referral."""

    id = fields.UUID(required=True)
    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    entered_at = Instant(required=True)
