"""Registration, verification, invitation and reset on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.access.actor import Role
from clinic.identity.schemas.people import name_field
from clinic.identity.schemas.sessions import LANGUAGES, LONGEST_PASSWORD
from clinic.identity.schemas.staff import GENDERS, SPOKEN
from clinic.web.schema import Instant, WireSchema, code_field, text_field


class RegistrationIn(WireSchema):
    """Somebody who wants to become a patient."""

    name = name_field(required=True)
    email = text_field(254, required=True)
    password = text_field(LONGEST_PASSWORD, required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    birth_date = fields.Date(allow_none=True, load_default=None)


class NothingOut(WireSchema):
    """The same answer to everybody."""


class TokenIn(WireSchema):
    """A token that came by mail."""

    token = text_field(100, required=True)


class ResetRequestIn(WireSchema):
    """Whose password is forgotten."""

    email = text_field(254, required=True)


class ResetIn(TokenIn):
    """A token that came by mail, and the new password."""

    password = text_field(LONGEST_PASSWORD, required=True)


class InvitationIn(WireSchema):
    """Whom to invite to work here, as what: `role`, or several `roles`."""

    email = text_field(254, required=True)
    role = code_field(Role, load_default=None)
    roles = fields.List(code_field(Role), load_default=(), validate=validate.Length(max=len(Role)))
    name = name_field(required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))

    @validates_schema
    def says_as_what(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse an invitation without a role, and one that says it in both ways."""
        if bool(data.get("role")) == bool(data.get("roles")):
            raise ValidationError("Missing data for required field.", field_name="role")


class InvitationOut(WireSchema):
    """An invitation that is on its way."""

    id = fields.UUID(required=True)
    expires_at = Instant(required=True)


class AcceptanceIn(WireSchema):
    """The password, and for those who treat what patients are told of them."""

    password = text_field(LONGEST_PASSWORD, required=True)
    profession = text_field(40, load_default=None)
    gender = fields.String(load_default=None, validate=validate.OneOf(GENDERS))
    languages = fields.List(SPOKEN, load_default=None, validate=validate.Length(max=10))
    specialties = fields.List(text_field(40), load_default=None, validate=validate.Length(max=20))


class AccountOut(WireSchema):
    """An account that can sign in from now on."""

    id = fields.UUID(required=True)
