"""Patients and care teams on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from clinic.identity.models import CareKind
from clinic.identity.schemas.sessions import LANGUAGES
from clinic.web.schema import Instant, WireSchema, code_field, page_of, text_field

LONGEST_NAME = 120


def name_field(**kwargs: Any) -> fields.String:
    """Return a field for a person's name: at least one letter in it, whatever the script."""
    field = text_field(LONGEST_NAME, **kwargs)
    field.validators.append(_has_a_letter)
    return field


def _has_a_letter(text: str) -> None:
    if not any(character.isalpha() for character in text):
        raise ValidationError("A name has letters.")


class PatientIn(WireSchema):
    """Somebody to put on file, contacts optional; `confirmed`: not who has these contacts already."""

    name = name_field(required=True)
    phone = text_field(40, allow_none=True, load_default=None)
    email = text_field(254, allow_none=True, load_default=None)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    birth_date = fields.Date(allow_none=True, load_default=None)
    confirmed = fields.Boolean(load_default=False)


class PatientChangesIn(WireSchema):
    """What to change; what is left out stays, null takes a contact away."""

    name = name_field()
    preferred_name = name_field(allow_none=True)
    phone = text_field(40, allow_none=True)
    email = text_field(254, allow_none=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES))
    birth_date = fields.Date(allow_none=True)
    reminders = fields.Boolean()


class PatientOut(WireSchema):
    """A patient's name and contacts."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    preferred_name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    birth_date = fields.Date(required=True, allow_none=True)
    has_account = fields.Boolean(required=True)
    reminders = fields.Boolean(required=True)


PatientPage = page_of(PatientOut)


class SearchIn(WireSchema):
    """What was heard: a part of a name, a number or an address."""

    q = text_field(120, required=True)
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=50))


class MemberOut(WireSchema):
    """One practitioner of a patient."""

    id = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    kind = code_field(CareKind, required=True)
    since = Instant(required=True)
    confirmed = fields.Boolean(required=True)


MemberPage = page_of(MemberOut)


class MemberIn(WireSchema):
    """A practitioner to bring in."""

    practitioner = fields.UUID(required=True)
    kind = code_field(CareKind, load_default=CareKind.TREATING)
