"""The wire shapes of scheduling: every field listed, everything else refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingRule, Status
from clinic.scheduling.rules.participants import ParticipantKind
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.zones import instant_at
from clinic.scheduling.schemas.times import DiaryInstant, PeriodEdge, WallTime, is_zone
from clinic.web.schema import Instant, PageQuery, ShortListQuery, WireSchema, code_field, text_field

CODE = validate.Regexp(r"^[a-z][a-z0-9_-]{0,39}$", error="This is not a code.")


_LANGUAGE = validate.Regexp(r"^[a-z]{2,3}$", error="This is not the code of a language.")


class PeriodQuery(PageQuery):
    """A list over time: from an instant up to another."""

    start = PeriodEdge(data_key="from", load_default=None)
    end = PeriodEdge(data_key="to", load_default=None)

    @validates_schema
    def ends_after_it_starts(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a period that is over before it begins."""
        start, end = data.get("start"), data.get("end")
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            raise ValidationError("The end comes after the start.", field_name="to")


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
    """What one looks for among the free times."""

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


class AppointmentsQuery(PeriodQuery):
    """Which visits one looks for."""

    practitioner = fields.UUID(load_default=None)
    patient = fields.UUID(load_default=None)


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
    """A free time, and where; a `reserved` one, which only staff see, is kept for urgent requests as yet."""

    site = fields.UUID(required=True)
    reserved = fields.Boolean(required=True)


class HoldIn(WireSchema):
    """A time to keep for ten minutes; with `reserved` staff take one that is kept for urgent requests."""

    service = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    starts_at = DiaryInstant(required=True)
    modality = code_field(Modality, required=True)
    reserved = fields.Boolean(load_default=False)


class HoldOut(TimeOut):
    """A time that is kept."""

    id = fields.UUID(required=True)
    modality = code_field(Modality, required=True)
    expires_at = Instant(required=True)


class OverrideIn(WireSchema):
    """Why the desk books although it clashes; kept with the visit, not shown to the patient."""

    reason = text_field(300, shortest=3, required=True)


class BookingIn(HoldIn):
    """A visit to book; `patient` is for staff, `reason` is read by the patient and whom they let read it.

    With `override` the desk books it over what is in the way.
    """

    hold = fields.UUID(load_default=None, allow_none=True)
    patient = fields.UUID(load_default=None, allow_none=True)
    reason = text_field(500, load_default=None, allow_none=True)
    override = fields.Nested(OverrideIn, load_default=None, allow_none=True)


class CancelIn(WireSchema):
    """Why a visit is called off, if one likes to say."""

    reason = text_field(500, load_default=None, allow_none=True)


class When(WireSchema):
    """When something starts: an instant, or what the clocks of `tz` show then."""

    starts_at = DiaryInstant()
    local = WallTime()
    tz = fields.String(validate=[validate.Length(max=64), is_zone])

    @validates_schema
    def says_when_once(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse both ways at once, neither, and a wall time without its zone."""
        if ("starts_at" in data) == ("local" in data):
            raise ValidationError("Give an instant, or a wall time with its zone.", field_name="starts_at")
        if ("local" in data) != ("tz" in data):
            raise ValidationError("A wall time and its zone go together.", field_name="tz")

    @post_load
    def resolved(self, data: dict[str, Any], **_options: object) -> dict[str, Any]:
        """Turn a wall time into its instant; raises Invalid where the clocks skip it."""
        local, tz = data.pop("local", None), data.pop("tz", None)
        return data if local is None else {**data, "starts_at": instant_at(local, tz)}


class MoveIn(When):
    """Where a visit goes."""

    practitioner = fields.UUID(load_default=None, allow_none=True)
    override = fields.Nested(OverrideIn, load_default=None, allow_none=True)
    reserved = fields.Boolean(load_default=False)


class AppointmentOut(WireSchema):
    """A visit as its reader may see it; why the patient comes is not in it.

    Patients move it or call it off until `change_until`. `overbook_of` is told to staff: the visit that this
    one was booked over on purpose.
    """

    id = fields.UUID(required=True)
    status = code_field(Status, required=True)
    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)
    modality = code_field(Modality, required=True)
    version = fields.Integer(required=True)
    room_opens_at = Instant(allow_none=True)
    change_until = Instant(required=True)
    change_until_local = fields.String(required=True)
    may_cancel = fields.Boolean(required=True)
    may_join = fields.Boolean(required=True)
    checked_in_at = Instant(allow_none=True)
    series_id = fields.UUID(required=True, allow_none=True)
    location = fields.UUID(allow_none=True)
    location_name = fields.String(allow_none=True)
    overbook_of = fields.UUID(allow_none=True)
    overbooked = fields.Boolean(required=True)


class ParticipantIn(WireSchema):
    """Somebody who comes to a visit too; `language` is a code such as `ar`."""

    kind = code_field(ParticipantKind, required=True)
    name = text_field(120, required=True)
    language = fields.String(load_default=None, allow_none=True, validate=_LANGUAGE)


class ParticipantOut(ParticipantIn):
    """An interpreter, somebody of the family, or another companion."""

    id = fields.UUID(required=True)


class WholeAppointmentOut(AppointmentOut):
    """One visit with its reasons, null where the reader may not see them, and who else comes."""

    reason = fields.String(required=True, allow_none=True)
    override_reason = fields.String(required=True, allow_none=True)
    participants = fields.List(fields.Nested(ParticipantOut), required=True)
