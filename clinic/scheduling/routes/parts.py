"""What the routes of scheduling share: the blueprint, and the reader of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.reading import Reader
from clinic.web import idempotency
from clinic.web.blueprint import Blueprint
from clinic.web.documents import if_match
from clinic.web.language import language
from clinic.web.paging import decode_cursor, foreign_cursor
from clinic.web.runtime import actor, runtime

blueprint = Blueprint("scheduling", __name__, description="Services, free times, visits and schedules")


def reader() -> Reader:
    """Return who reads in this request."""
    parts = runtime()
    return Reader(actor=actor(), clock=parts.clock, vault=parts.vault, language=language())


def claim(session: Session, route: str, payload: Mapping[str, object]) -> idempotency.Claim:
    """Claim the request's Idempotency-Key for what it creates."""
    parts = runtime()
    return idempotency.claim(
        session,
        actor=actor(),
        clock=parts.clock,
        secret=parts.settings.secret_key,
        route=route,
        payload=payload,
    )


def version_asked() -> int | None:
    """Return the version of the visit that `If-Match` names, if any; raises Invalid naming the header."""
    return if_match() if "If-Match" in request.headers else None


def name_and_id(cursor: str) -> tuple[str, UUID]:
    """Return the text and id in a cursor; raises Invalid naming the field."""
    text, number = decode_cursor(cursor, 2)
    try:
        text.encode()  # half a surrogate pair is no text, and PostgreSQL takes no NUL
        if "\0" not in text:
            return text, UUID(number)
    except ValueError:
        pass
    raise foreign_cursor()


def wanted(body: Mapping[str, Any]) -> Wanted:
    """Return the visit that a body asks for."""
    return Wanted(
        service=ServiceId(body["service"]),
        practitioner=PractitionerId(body["practitioner"]),
        starts_at=body["starts_at"],
        modality=body["modality"],
    )
