"""The wire shapes of consents and of the words that people consent to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.access.clearance import Compartment, Purpose
from clinic.consent.rules.directives import Status
from clinic.consent.rules.provisions import Effect
from clinic.web.schema import Instant, WireSchema, code_field, page_of, text_field


class ConsentIn(WireSchema):
    """What a patient says to one practitioner; without a form, the current one in the page's language.

    It ends at an instant, or with the day `ends_on` in the clinic's zone.
    """

    practitioner = fields.UUID(required=True)
    effect = code_field(Effect, load_default=Effect.PERMIT)
    compartments = fields.List(
        code_field(Compartment), load_default=lambda: [Compartment.GENERAL], validate=validate.Length(max=8)
    )
    purposes = fields.List(
        code_field(Purpose), load_default=lambda: [Purpose.TREATMENT], validate=validate.Length(max=8)
    )
    ends_at = Instant(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True, validate=validate.Range(max=date(2100, 12, 31)))
    form = text_field(80, load_default=None, allow_none=True)

    @validates_schema
    def ends_once(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse an instant and a day at once."""
        if data.get("ends_at") is not None and data.get("ends_on") is not None:
            raise ValidationError("Give an instant or a day, not both.", field_name="ends_on")


class GranteeOut(WireSchema):
    """Whom a consent is about."""

    kind = fields.Constant("practitioner")
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ConsentOut(WireSchema):
    """A consent as the patient sees it; one past its end reads `inactive`."""

    id = fields.UUID(required=True)
    status = code_field(Status, required=True)
    grantee = fields.Nested(GranteeOut, required=True)
    effect = code_field(Effect, required=True)
    purposes = fields.List(code_field(Purpose), required=True)
    compartments = fields.List(code_field(Compartment), required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)
    granted_at = Instant(required=True)
    revoked_at = Instant(required=True, allow_none=True)
    form = fields.String(required=True)


class FormOut(WireSchema):
    """A wording in the page's language; paragraphs are parted by blank lines."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    language = fields.String(required=True)
    effect = code_field(Effect, required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    sha256 = fields.String(required=True)


ConsentPage = page_of(ConsentOut)
FormPage = page_of(FormOut)
