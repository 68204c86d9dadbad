"""What the crisis numbers look like on the wire."""

from __future__ import annotations

from marshmallow import fields

from clinic.web.schema import WireSchema, page_of


class HelplineOut(WireSchema):
    """One number, in the caller's language; `last_checked` null: the clinic has not called it yet."""

    region = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    number = fields.String(required=True)
    hours = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    last_checked = fields.Date(required=True, allow_none=True)


HelplinePage = page_of(HelplineOut)
