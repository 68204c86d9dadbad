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


def tag_asked() -> str | None:
    """Return the tag that `If-Match` names; None where there is none, or where any (`*`) will do.

    Raises Invalid for one that is none of ours, which are plain ASCII.
    """
    given = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')  # proxies weaken it
    if not given.isascii():
        raise _unread()
    return given if given not in {"", "*"} else None


def etag_asked() -> str:
    """Return the tag of what the caller has read; raises Invalid where the request names none."""
    tag = tag_asked()
    if tag is None:
        raise _unread()
    return tag


def version_asked() -> int | None:
    """Return the version that the caller has read, if it names any; raises Invalid for what is none."""
    tag = tag_asked()
    if tag is not None and not (tag.isascii() and tag.isdigit() and len(tag) < 10):
        raise _unread()
    return None if tag is None else int(tag)


def if_match() -> int:
    """Return the version that the caller has read; raises Invalid where the request names none."""
    version = version_asked()
    if version is None:
        raise _unread()
    return version


def _unread() -> Invalid:
    return Invalid("invalid", errors={"If-Match": ["Send the ETag of the document that you edit."]})
