"""The wire shapes of the waitlist and its offers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import EntryState, OfferStatus, Triage
from clinic.scheduling.schemas.catalogue import CODE
from clinic.scheduling.schemas.times import DiaryInstant, PeriodEdge, is_in_a_diary
from clinic.web.schema import Instant, ShortListQuery, WireSchema, code_field


class JoinIn(WireSchema):
    """What somebody waits for; `patient` and `triage` are for staff, `appointment` is the visit they have."""

    service = fields.UUID(required=True)
    modality = code_field(Modality, required=True)
    practitioner = fields.UUID(load_default=None, allow_none=True)
    language = fields.String(load_default=None, allow_none=True, validate=CODE)
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=0, max=6)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=7),
    )
    parts = fields.List(
        code_field(DayPart), load_default=None, allow_none=True, validate=validate.Length(min=1, max=3)
    )
    until = fields.Date(load_default=None, allow_none=True, validate=is_in_a_diary)
    appointment = fields.UUID(load_default=None, allow_none=True)
    patient = fields.UUID(load_default=None, allow_none=True)
    triage = code_field(Triage, load_default=None, allow_none=True)


class TriageIn(WireSchema):
    """How urgent it is."""

    triage = code_field(Triage, required=True)


class WaitlistQuery(ShortListQuery):
    """Whom one looks for: with `practitioner` and `starts_at`, those who would come then are first."""

    service = fields.UUID(load_default=None)
    practitioner = fields.UUID(load_default=None)
    starts_at = DiaryInstant(load_default=None)

    @validates_schema
    def names_a_whole_time(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse half of a time."""
        if (data.get("practitioner") is None) is not (data.get("starts_at") is None):
            raise ValidationError("A time has a practitioner and a start.", field_name="starts_at")


class FiguresQuery(WireSchema):
    """The stretch of time that the figures are of."""

    start = PeriodEdge(data_key="from", required=True)
    end = PeriodEdge(data_key="to", required=True)

    @validates_schema
    def ends_after_it_starts(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a period that is over before it begins."""
        start, end = data.get("start"), data.get("end")
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            raise ValidationError("The end comes after the start.", field_name="to")


class FiguresOut(WireSchema):
    """How the waitlist does; null where nothing has happened yet."""

    waiting = fields.Integer(required=True)
    offered = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    declined = fields.Integer(required=True)
    expired = fields.Integer(required=True)
    acceptance = fields.Float(required=True, allow_none=True)
    refill_minutes = fields.Float(required=True, allow_none=True)
    waited_days = fields.Float(required=True, allow_none=True)


class OfferIn(WireSchema):
    """A free time for one who waits."""

    practitioner = fields.UUID(required=True)
    starts_at = DiaryInstant(required=True)


class OfferOut(WireSchema):
    """A time that is kept until `expires_at`; `local` and `expires_local` are wall times of the site."""

    id = fields.UUID(required=True)
    entry = fields.UUID(required=True)
    appointment = fields.UUID(required=True)
    standing = fields.UUID(required=True, allow_none=True)
    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    modality = code_field(Modality, required=True)
    site = fields.UUID(required=True, allow_none=True)
    site_name = fields.String(required=True, allow_none=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)
    expires_at = Instant(required=True)
    expires_local = fields.String(required=True)
    status = code_field(OfferStatus, required=True)
    automatic = fields.Boolean(required=True)


class EntryOut(WireSchema):
    """Somebody's place on the waitlist; weekdays with Monday as 0, `fits` where a time was asked about."""

    id = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    modality = code_field(Modality, required=True)
    triage = code_field(Triage, required=True)
    state = code_field(EntryState, required=True)
    practitioner = fields.UUID(required=True, allow_none=True)
    practitioner_name = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    weekdays = fields.List(fields.Integer(), required=True)
    parts = fields.List(code_field(DayPart), required=True)
    until = fields.Date(required=True, allow_none=True)
    appointment = fields.UUID(required=True, allow_none=True)
    since = Instant(required=True)
    waited_days = fields.Integer(required=True)
    offer = fields.Nested(OfferOut, required=True, allow_none=True)
    fits = fields.Boolean(required=True, allow_none=True)
