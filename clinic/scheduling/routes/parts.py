"""What the routes of scheduling share: the blueprint, and the reader of a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.queries.round_robin import Rank
from clinic.scheduling.queries.slots import FoundSlot
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.reading import Reader
from clinic.web import idempotency
from clinic.web.blueprint import Blueprint
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


def slot_keys(slot: FoundSlot) -> tuple[str, str, str]:
    """Return the place of a slot in its list, for a cursor."""
    instant, minutes, _ = slot.rank
    return instant.isoformat(), str(minutes), str(slot.practitioner)


def slot_rank(cursor: str | None) -> Rank | None:
    """Return the place that `slot_keys` put into a cursor; raises Invalid naming the field."""
    if cursor is None:
        return None
    instant, minutes, practitioner = decode_cursor(cursor, 3)
    try:
        moment = datetime.fromisoformat(instant)
        if moment.tzinfo is not None and minutes.isascii() and minutes.isdigit():
            return moment.astimezone(UTC), int(minutes), UUID(practitioner).int
    except (ValueError, OverflowError):
        pass
    raise foreign_cursor()


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
        reserved=body.get("reserved", False),
    )
