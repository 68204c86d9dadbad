"""The wire shapes of urgent requests."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.urgent_requests import NOTED, Happening, Outcome, RequestState
from clinic.scheduling.schemas.times import DiaryInstant
from clinic.web.schema import Instant, ShortListQuery, WireSchema, code_field, text_field


class UrgentRequestIn(WireSchema):
    """For whom, to the people of which service, and the number under which the patient is reached."""

    service = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    phone = text_field(40, load_default=None, allow_none=True)


class HandOnIn(WireSchema):
    """To a colleague; without one, to whoever is asked next."""

    to = fields.UUID(load_default=None, allow_none=True)


class CloseIn(WireSchema):
    """What came of it; a visit closes a request by being placed."""

    outcome = fields.Enum(Outcome, by_value=True, required=True, validate=validate.OneOf(sorted(NOTED)))


class SoonVisitIn(WireSchema):
    """When and how the patient is seen; `practitioner` is named by the desk."""

    starts_at = DiaryInstant(required=True)
    modality = code_field(Modality, required=True)
    practitioner = fields.UUID(load_default=None, allow_none=True)


class TimesQuery(ShortListQuery):
    """How the patient is seen, and by whom where the desk asks."""

    modality = code_field(Modality, required=True)
    practitioner = fields.UUID(load_default=None)


class SoonTimeOut(WireSchema):
    """A time within two days; `on_call`: outside the opening hours."""

    practitioner = fields.UUID(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    on_call = fields.Boolean(required=True)


class ActsOut(WireSchema):
    """What the reader may do now."""

    claim = fields.Boolean(required=True)
    hand_on = fields.Boolean(required=True)
    close = fields.Boolean(required=True)


class HappeningOut(WireSchema):
    """One step of a request's way: who was asked or acted; `by` is null for the clinic itself."""

    kind = code_field(Happening, required=True)
    step = fields.Integer(required=True)
    practitioner_name = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True)
    at = Instant(required=True)
    local = fields.String(required=True)


class UrgentRequestOut(WireSchema):
    """An urgent request; wall times are the clinic's, the next step is asked at `due_at`."""

    id = fields.UUID(required=True)
    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    state = code_field(RequestState, required=True)
    step = fields.Integer(required=True)
    raised_at = Instant(required=True)
    raised_local = fields.String(required=True)
    raised_by = fields.String(required=True, allow_none=True)
    due_at = Instant(required=True, allow_none=True)
    due_local = fields.String(required=True, allow_none=True)
    claimed_by = fields.String(required=True, allow_none=True)
    claimed_practitioner = fields.UUID(required=True, allow_none=True)
    mine = fields.Boolean(required=True)
    outcome = code_field(Outcome, required=True, allow_none=True)
    appointment = fields.UUID(required=True, allow_none=True)
    may = fields.Nested(ActsOut, required=True)
    events = fields.List(fields.Nested(HappeningOut), required=True)
