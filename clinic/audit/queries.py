"""Reads of the trail: a patient's own access log, and the officer's and auditor's view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clinic.audit.keys import keys_of
from clinic.audit.models import AuditEntry

# A place in a list that runs from the newest entry to the oldest.
Place = tuple[datetime, UUID]


def access_log(
    session: Session, *, patient_id: UUID, limit: int, before: Place | None = None
) -> Sequence[AuditEntry]:
    """Return what was done or refused with a patient's data, newest first, from after `before` on."""
    return entries(session, patient_id=patient_id, limit=limit, before=before)


def entries(
    session: Session,
    *,
    limit: int,
    patient_id: UUID | None = None,
    action: str | None = None,
    before: Place | None = None,
) -> Sequence[AuditEntry]:
    """Return the entries that match all that is given, newest first, from after `before` on."""
    chosen = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)
    if patient_id is not None:
        chosen = chosen.where(AuditEntry.patient_pseudonym == keys_of(session).pseudonym_of(patient_id))
    if action is not None:
        chosen = chosen.where(AuditEntry.action == action)
    if before is not None:
        at, entry_id = before
        older = or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < entry_id))
        chosen = chosen.where(older)
    return session.scalars(chosen).all()
