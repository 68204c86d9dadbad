"""The base of all wire shapes: unknown fields are refused, instants carry their offset."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate


class WireSchema(Schema):
    """A JSON object whose fields are listed one by one; unknown ones are refused by name."""

    class Meta:
        """Refuse what is not listed."""

        unknown = RAISE


class Instant(fields.AwareDateTime):
    """An RFC 3339 instant; a time without offset is refused, what comes in is normalised to UTC."""

    default_error_messages = {"invalid_awareness": "A time needs an offset, as in 2026-11-22T16:00:00+02:00."}

    def __init__(self, **kwargs: Any) -> None:
        """Read and write ISO 8601 with an offset."""
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError:  # the first and the last day that there are, seen from another zone
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


def code_field(enum: type[StrEnum], **kwargs: Any) -> fields.Enum[Any]:
    """Return a field that takes and gives the values of `enum`."""
    return fields.Enum(enum, by_value=True, **kwargs)


def text_field(longest: int, *, shortest: int = 1, **kwargs: Any) -> fields.String:
    """Return a text field of `shortest` to `longest` characters without control characters."""
    return fields.String(
        validate=[validate.Length(min=shortest, max=longest), _no_control_characters], **kwargs
    )


def _no_control_characters(text: str) -> None:
    if any(ord(character) < 32 and character not in "\n\r\t" for character in text):
        raise ValidationError("Control characters are not text.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError("Half a character is not text.")


class PageQuery(WireSchema):
    """The query of every list: how many, and from where on."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class ShortListQuery(PageQuery):
    """The query of a list that is short by nature: it comes whole unless `limit` says otherwise."""

    limit = fields.Integer(load_default=None, validate=validate.Range(min=1, max=200))


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of a list of `item`, always the same: `{"items": [...], "next": cursor or null}`."""
    name = item.__name__.removesuffix("Out") + "Page"
    return WireSchema.from_dict(
        {"items": fields.List(fields.Nested(item), required=True), "next": fields.String(allow_none=True)},
        name=name,
    )
