"""The wire shapes of consents and of the words that people consent to."""

from __future__ import annotations

from marshmallow import fields, validate

from clinic.access.clearance import Compartment, Purpose
from clinic.consent.rules.directives import Status
from clinic.consent.rules.provisions import Effect
from clinic.web.schema import Instant, PageQuery, WireSchema, code_field, page_of, text_field


class ConsentIn(WireSchema):
    """What a patient says to one practitioner; without a form, the current one in the page's language."""

    practitioner = fields.UUID(required=True)
    effect = code_field(Effect, load_default=Effect.PERMIT)
    compartments = fields.List(
        code_field(Compartment), load_default=lambda: [Compartment.GENERAL], validate=validate.Length(max=8)
    )
    purposes = fields.List(
        code_field(Purpose), load_default=lambda: [Purpose.TREATMENT], validate=validate.Length(max=8)
    )
    ends_at = Instant(load_default=None, allow_none=True)
    form = text_field(80, load_default=None, allow_none=True)


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


class ConsentQuery(PageQuery):
    """Which part of the list."""


ConsentPage = page_of(ConsentOut)
FormPage = page_of(FormOut)
