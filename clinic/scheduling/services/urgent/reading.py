"""Show urgent requests to those who were asked and to the desk; what staff read leaves a trace."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.scheduling.models import UrgentRequest
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries import urgent_requests as queries
from clinic.scheduling.queries.urgent_requests import SeenRequest
from clinic.scheduling.rules.urgent_requests import RequestState
from clinic.scheduling.services.reading import Reader
from clinic.scheduling.services.urgent.requests import PHONE, acts_of


def listed(session: Session, reader: Reader, tz: str) -> list[SeenRequest]:
    """Return what waits for the reader, and what was closed within a day; times on the clocks of `tz`."""
    allowed = POLICIES[Permission.URGENT_REQUEST_READ]
    found = [
        row
        for row in queries.standing(session, now=reader.clock.now())
        if allowed(reader.actor, {"asked": row.asked})
    ]
    if found:  # pages look again every few seconds, mostly at nothing
        audit.record(
            session,
            actor=reader.actor,
            clock=reader.clock,
            action="urgent_request.list",
            object_type="urgent_request",
        )
    return _seen(session, reader, found, tz)


def one(session: Session, reader: Reader, request_id: UUID, tz: str) -> SeenRequest:
    """Return one request, for whoever has just raised or changed it."""
    return _seen(session, reader, [session.get_one(UrgentRequest, request_id)], tz)[0]


def _seen(session: Session, reader: Reader, rows: list[UrgentRequest], tz: str) -> list[SeenRequest]:
    named = queries.names(session, rows, vault=reader.vault, language=reader.language)
    return [
        queries.seen(
            row,
            named,
            may=acts_of(row, reader.actor),
            phone=_phone(reader, row),
            mine=row.claimed_by == reader.actor.account_id,
            tz=tz,
        )
        for row in rows
    ]


def _phone(reader: Reader, row: UrgentRequest) -> str | None:
    if row.phone_sealed is None or row.state is RequestState.CLOSED:
        return None
    return reader.fields.open(row.patient_id, PHONE, row.phone_sealed)
