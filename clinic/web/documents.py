"""Documents that several people edit over HTTP: the version goes out as ETag and comes back in If-Match."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from marshmallow import fields

from clinic.errors import Invalid
from clinic.web.schema import Instant, WireSchema

T = TypeVar("T")
Tagged = tuple[T, dict[str, str]]


class ChangeOut(WireSchema):
    """Who changed a document last, and when; null where that was before changes were counted."""

    by = fields.String(required=True, allow_none=True)
    at = Instant(required=True, allow_none=True)


def tagged(document: T, version: int) -> Tagged[T]:
    """Return the document with its version as ETag."""
    return document, {"ETag": f'"{version}"'}


def if_match() -> int:
    """Return the version that the caller has read; raises Invalid where the request names none."""
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')  # proxies weaken it
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Invalid("invalid", errors={"If-Match": ["Send the ETag of the document that you edit."]})
    return int(given)
