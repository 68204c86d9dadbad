"""The wire shapes of notes, their versions and their templates."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from clinic.access.clearance import Compartment
from clinic.records.rules import content
from clinic.records.rules.notes import NoteStatus, VersionStatus
from clinic.web.schema import Instant, WireSchema, code_field, page_of, text_field

# Substance use counselling notes wait until their own consent form does (42 CFR 2.31).
WRITTEN_COMPARTMENTS = (Compartment.GENERAL, Compartment.PSYCHOTHERAPY)


class SectionIn(WireSchema):
    """One headed part; its text may be empty."""

    title = text_field(content.LONGEST_TITLE, required=True)
    text = text_field(content.LONGEST_TEXT, shortest=0, required=True)


def _sections(**options: Any) -> fields.Field[Any]:
    return fields.List(
        fields.Nested(SectionIn), validate=validate.Length(min=1, max=content.MOST_SECTIONS), **options
    )


class NoteIn(WireSchema):
    """A new note; without sections it starts with the template's."""

    template = text_field(40, required=True)
    sections = _sections(load_default=None, allow_none=True)
    appointment = fields.UUID(load_default=None, allow_none=True)
    compartment = code_field(
        Compartment, load_default=Compartment.GENERAL, validate=validate.OneOf(WRITTEN_COMPARTMENTS)
    )


class DraftIn(WireSchema):
    """A draft's text as it stands in the editor."""

    sections = _sections(required=True)


class AmendmentIn(WireSchema):
    """The corrected text and why it was needed."""

    sections = _sections(required=True)
    reason = text_field(content.LONGEST_REASON, required=True)


class SectionOut(WireSchema):
    """One headed part."""

    title = fields.String(required=True)
    text = fields.String(required=True)


class SignatureOut(WireSchema):
    """Whose key signed; `verified` is whether the signature fits what is stored now (null in lists)."""

    key = fields.UUID(required=True)
    fingerprint = fields.String(required=True)
    verified = fields.Boolean(required=True, allow_none=True)


class NoteItemOut(WireSchema):
    """A note in a list: everything but its text."""

    id = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    author = fields.UUID(required=True)
    author_name = fields.String(required=True)
    appointment = fields.UUID(required=True, allow_none=True)
    status = code_field(NoteStatus, required=True)
    template = fields.String(required=True)
    compartment = code_field(Compartment, required=True)
    version = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)
    signed_at = Instant(required=True, allow_none=True)
    signature = fields.Nested(SignatureOut, required=True, allow_none=True)
    etag = fields.String(required=True)


class NoteOut(NoteItemOut):
    """A note with its text."""

    sections = fields.List(fields.Nested(SectionOut), required=True)


class VersionItemOut(WireSchema):
    """A version in a note's history; a `conflict` was written on top of an older version and kept aside."""

    version = fields.Integer(required=True)
    status = code_field(VersionStatus, required=True)
    author_name = fields.String(required=True)
    created_at = Instant(required=True)
    reason = fields.String(required=True, allow_none=True)


class VersionOut(VersionItemOut):
    """A version with its text."""

    sections = fields.List(fields.Nested(SectionOut), required=True)


class UnsignedOut(WireSchema):
    """A draft of the caller that waits for a signature."""

    id = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class DraftKeyOut(WireSchema):
    """The key of drafts on the caller's device, base64url."""

    key = fields.String(required=True)


class TemplateOut(WireSchema):
    """A kind of note in the page's language."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    sections = fields.List(fields.Nested(SectionOut), required=True)


NotePage = page_of(NoteItemOut)
UnsignedPage = page_of(UnsignedOut)
VersionPage = page_of(VersionItemOut)
TemplatePage = page_of(TemplateOut)
