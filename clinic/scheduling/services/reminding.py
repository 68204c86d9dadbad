"""How long before a visit people are reminded: the clinic's habit, and what a service does instead."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.errors import Invalid, NotFound, PreconditionFailed
from clinic.scheduling.models import Service
from clinic.scheduling.queries import services
from clinic.scheduling.rules.reminders import Steps, objection
from clinic.scheduling.services.reading import Reader


@dataclass(frozen=True, slots=True)
class Reminding:
    """When people are reminded of one service, in minutes before; None is as the clinic does."""

    service: UUID
    name: str
    minutes: Sequence[int] | None
    etag: str


def minutes_of(steps: Steps) -> list[int]:
    """Return steps in minutes, the longest first."""
    return [step // timedelta(minutes=1) for step in sorted(steps, reverse=True)]


def listed(session: Session, reader: Reader) -> Sequence[Reminding]:
    """Return what each service does, in the catalogue's order."""
    offers = services.offers(session, fields=reader.fields, language=reader.language)
    return [_reminding(session.get_one(Service, offer.id), offer.name) for offer in offers]


def choose(
    session: Session, reader: Reader, service_id: UUID, minutes: Sequence[int] | None, *, etag: str
) -> Reminding:
    """Set what a service does; raises NotFound, Invalid, PreconditionFailed where somebody was first.

    Reminders that are queued for other times drop themselves; the worker queues the new ones within the hour.
    """
    row = session.get(Service, service_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if minutes is not None and (wrong := objection(minutes)) is not None:
        raise Invalid("invalid", errors={"minutes": [wrong]})
    if not hmac.compare_digest(etag, _etag(row)):
        raise PreconditionFailed("reminders_changed")
    row.reminder_minutes = None if minutes is None else sorted(minutes, reverse=True)
    session.flush()
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action="service.reminders",
        object_type="service",
        object_id=row.id,
    )
    names = services.names(session, fields=reader.fields, language=reader.language)
    return _reminding(row, names[row.id])


def _reminding(row: Service, name: str) -> Reminding:
    return Reminding(row.id, name, row.reminder_minutes, _etag(row))


def _etag(row: Service) -> str:
    return hashlib.sha256(json.dumps([str(row.id), row.reminder_minutes]).encode()).hexdigest()[:32]
