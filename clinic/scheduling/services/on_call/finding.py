"""Find the service that a rota belongs to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic.errors import NotFound
from clinic.scheduling.models import Service
from clinic.scheduling.rules.offering import Kind


def urgent_service(session: Session, service_id: UUID, *, lock: bool = False) -> Service:
    """Return a service that has a rota of its own; raises NotFound for any other."""
    found = session.get(Service, service_id, with_for_update={"key_share": True} if lock else None)
    if found is None or found.kind != Kind.URGENT:
        raise NotFound
    return found
