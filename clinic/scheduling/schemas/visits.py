"""The wire shapes of visits: held, booked, moved, called off, read, and who comes along."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.participants import ParticipantKind
from clinic.scheduling.schemas.catalogue import TimeOut
from clinic.scheduling.schemas.times import DiaryInstant, PeriodQuery, When
from clinic.web.schema import Instant, WireSchema, code_field, text_field

_LANGUAGE = validate.Regexp(r"^[a-z]{2,3}$", error="This is not the code of a language.")


class AppointmentsQuery(PeriodQuery):
    """Which visits one looks for."""

    practitioner = fields.UUID(load_default=None)
    patient = fields.UUID(load_default=None)


class HoldIn(WireSchema):
    """A time to keep for ten minutes; with `reserved` staff take one that is kept for urgent requests."""

    service = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    starts_at = DiaryInstant(required=True)
    modality = code_field(Modality, required=True)
    reserved = fields.Boolean(load_default=False)


class HoldOut(TimeOut):
    """A time that is kept; `site` is where the visit would be, or from where."""

    id = fields.UUID(required=True)
    modality = code_field(Modality, required=True)
    site = fields.UUID(required=True, allow_none=True)
    site_name = fields.String(required=True, allow_none=True)
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


class MoveIn(When):
    """Where a visit goes."""

    practitioner = fields.UUID(load_default=None, allow_none=True)
    override = fields.Nested(OverrideIn, load_default=None, allow_none=True)
    reserved = fields.Boolean(load_default=False)


class AppointmentOut(TimeOut):
    """A visit as its reader may see it; why the patient comes is not in it.

    `site` is where it is held, or from where, and `location` the room there. Patients move it or call it off
    until `change_until`. `overbook_of` is told to staff: the visit that this one was booked over on purpose.
    """

    id = fields.UUID(required=True)
    status = code_field(Status, required=True)
    service_name = fields.String(required=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    modality = code_field(Modality, required=True)
    version = fields.Integer(required=True)
    room_opens_at = Instant(allow_none=True)
    change_until = Instant(required=True)
    change_until_local = fields.String(required=True)
    may_cancel = fields.Boolean(required=True)
    may_join = fields.Boolean(required=True)
    checked_in_at = Instant(allow_none=True)
    series_id = fields.UUID(required=True, allow_none=True)
    site = fields.UUID(required=True, allow_none=True)
    site_name = fields.String(required=True, allow_none=True)
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
