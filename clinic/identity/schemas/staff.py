"""Those who work here, on the wire."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.access.actor import STAFF, Role
from clinic.identity.models import AccountStatus
from clinic.identity.schemas.people import name_field
from clinic.web.documents import ChangeOut
from clinic.web.schema import WireSchema, code_field, page_of

GENDERS = ("female", "male", "unspecified")
CODE = validate.Regexp(r"^[a-z][a-z0-9_-]{0,39}$", error="This is not a code.")
SPOKEN = fields.String(validate=validate.Regexp(r"^[a-z]{2,3}$", error="This is not a code."))


class PublicProfileOut(WireSchema):
    """What patients are told of somebody who treats."""

    practitioner = fields.UUID(required=True)
    profession = fields.String(required=True)
    gender = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    specialties = fields.List(fields.String(), required=True)


class ColleagueOut(WireSchema):
    """Somebody who works here; `profile` is null for who does not treat."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    language = fields.String(required=True)
    status = code_field(AccountStatus, required=True)
    roles = fields.List(code_field(Role), required=True)
    profile = fields.Nested(PublicProfileOut, required=True, allow_none=True)
    changed = fields.Nested(ChangeOut, required=True)


ColleaguePage = page_of(ColleagueOut)


class RolesIn(WireSchema):
    """All roles that somebody is to have here."""

    roles = fields.List(
        fields.Enum(Role, by_value=True, validate=validate.OneOf(sorted(STAFF))),
        required=True,
        validate=validate.Length(min=1),
    )


class ColleagueIn(WireSchema):
    """Who somebody is; what patients are told counts for those who treat only."""

    name = name_field(required=True)
    profession = fields.String(load_default=None, allow_none=True, validate=CODE)
    gender = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(GENDERS))
    languages = fields.List(SPOKEN, load_default=None, allow_none=True, validate=validate.Length(1, 10))
    specialties = fields.List(
        fields.String(validate=CODE), load_default=None, allow_none=True, validate=validate.Length(max=20)
    )
