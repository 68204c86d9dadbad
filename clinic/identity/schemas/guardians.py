"""Guardians of minors on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.web.schema import Instant, WireSchema, page_of, text_field

_CODE = validate.Regexp(r"^[a-z][a-z0-9_-]{0,39}$", error="This is not a code.")


def _topics(**kwargs: Any) -> fields.List[str]:
    """Return a field of kinds of visit, as services name theirs (`kind`)."""
    return fields.List(fields.String(validate=_CODE), validate=validate.Length(max=20), **kwargs)


class GuardianIn(WireSchema):
    """Somebody with an account who stands in for a minor, until they come of age at the latest.

    It ends at an instant, or with the day `ends_on` in the clinic's zone.
    """

    email = text_field(254, required=True)
    starts_at = Instant(load_default=None)
    ends_at = Instant(load_default=None)
    ends_on = fields.Date(load_default=None, validate=validate.Range(date(2000, 1, 1), date(2100, 12, 31)))
    private = _topics(load_default=list)

    @validates_schema
    def ends_once(self, data: Mapping[str, Any], **_options: object) -> None:
        """Ask for an end, and for one alone."""
        if (data.get("ends_at") is None) == (data.get("ends_on") is None):
            raise ValidationError("Give an instant or a day, not both.", field_name="ends_on")

    @validates_schema
    def ends_after_it_starts(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a period that is over before it begins."""
        start, end = data.get("starts_at"), data.get("ends_at")
        if start is not None and end is not None and end <= start:
            raise ValidationError("The end comes after the start.", field_name="ends_at")


class TopicsIn(WireSchema):
    """The kinds of visit that a guardian is not told about."""

    private = _topics(required=True)


class GuardianOut(WireSchema):
    """One guardian of a patient."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)
    private = fields.List(fields.String(), required=True)


GuardianPage = page_of(GuardianOut)
