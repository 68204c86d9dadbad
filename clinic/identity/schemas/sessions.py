"""Sign-in, sessions and preferences on the wire."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.access.actor import Role
from clinic.web.schema import Instant, WireSchema, code_field, page_of, text_field

LONGEST_PASSWORD = 200
LANGUAGES = ("ar", "fr", "en")


class SignInIn(WireSchema):
    """An e-mail address and a password."""

    email = text_field(254, required=True)
    password = text_field(LONGEST_PASSWORD, required=True)


class StepUpIn(WireSchema):
    """A fresh proof of who is signed in."""

    password = text_field(LONGEST_PASSWORD, required=True)


class UserOut(WireSchema):
    """Who is signed in."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    roles = fields.List(code_field(Role), required=True)
    patient_id = fields.UUID(required=True, allow_none=True)
    practitioner_id = fields.UUID(required=True, allow_none=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    tz = fields.String(required=True)


class SessionOut(WireSchema):
    """The current session: `needs` names the proofs still missing, `confined_to` a visit it is limited to."""

    user = fields.Nested(UserOut, required=True)
    csrf_token = fields.String(required=True)
    needs = fields.List(fields.String(), required=True)
    expires_at = Instant(required=True)
    confined_to = fields.UUID(required=True, allow_none=True)


class StepUpOut(WireSchema):
    """Until when the session counts as freshly proved."""

    stepped_up_until = Instant(required=True)


class DeviceOut(WireSchema):
    """One signed-in browser."""

    id = fields.UUID(required=True)
    created_at = Instant(required=True)
    last_seen_at = Instant(required=True)
    current = fields.Boolean(required=True)
    device = fields.String(required=True)


DevicePage = page_of(DeviceOut)


class ChannelsIn(WireSchema):
    """How somebody may be written to; what is left out stays."""

    email = fields.Boolean()
    sms = fields.Boolean()
    reminders = fields.Boolean()


class PreferencesIn(WireSchema):
    """Preferences to change; what is left out stays. `phone` is for staff, empty to take it off."""

    language = fields.String(validate=validate.OneOf(LANGUAGES))
    tz = text_field(64)
    channels = fields.Nested(ChannelsIn)
    phone = text_field(40, shortest=0)


class ChannelsOut(WireSchema):
    """How somebody may be written to."""

    email = fields.Boolean(required=True)
    sms = fields.Boolean(required=True)
    reminders = fields.Boolean(required=True)


class PreferencesOut(WireSchema):
    """How somebody is spoken and written to; `phone` is that of staff, on which being on call rings."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    tz = fields.String(required=True)
    channels = fields.Nested(ChannelsOut, required=True)
    phone = fields.String(required=True, allow_none=True)
