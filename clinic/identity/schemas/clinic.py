"""The clinic's profile on the wire."""

from __future__ import annotations

from collections.abc import Sequence

from marshmallow import ValidationError, fields, validate

from clinic.identity.schemas.people import LONGEST_NAME
from clinic.identity.schemas.sessions import LANGUAGES
from clinic.web.documents import ChangeOut
from clinic.web.schema import WireSchema, text_field


def _once_each(codes: Sequence[str]) -> None:
    if len(set(codes)) < len(codes):
        raise ValidationError("Each once.")


def names_field() -> fields.Dict:
    """Return a field for what something is called, by language."""
    return fields.Dict(
        keys=fields.String(validate=validate.OneOf(LANGUAGES)),
        values=text_field(LONGEST_NAME, shortest=0),
        required=True,
    )


class ClinicShape(WireSchema):
    """What the clinic says of itself; the first language is the default, the week starts on Monday with 0."""

    names = names_field()
    tz = fields.String(required=True, validate=validate.Length(max=64))
    languages = fields.List(
        fields.String(validate=validate.OneOf(LANGUAGES)),
        required=True,
        validate=[validate.Length(min=1), _once_each],
    )
    digits = fields.String(required=True, validate=validate.OneOf(("latn", "arab")))
    week_start = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=6))
    phone = text_field(40, shortest=0, required=True)
    closed_directory = fields.Boolean(required=True)


class ClinicOut(ClinicShape):
    """The profile as it is; `saved` tells whether the clinic has made it its own."""

    saved = fields.Boolean(required=True)
    changed = fields.Nested(ChangeOut, required=True)
