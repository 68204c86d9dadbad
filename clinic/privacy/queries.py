"""The access log as people read it: with names, and without the names of other patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import STAFF, Actor
from clinic.audit import queries as trail
from clinic.audit.models import AuditEntry
from clinic.identity.services import names
from clinic.ids import PatientId
from clinic.privacy.rules.log import LogLine, main_role, reason_code, told_together
from clinic.vault import Vault
from clinic.web.paging import Page, moment_keys, page


@dataclass(frozen=True, slots=True)
class Named:
    """A line of the log with the name of who acted; None for the clinic itself and for other patients."""

    line: LogLine
    actor_name: str | None
    actor_role: str


def access_log(
    session: Session,
    *,
    reader: Actor,
    vault: Vault,
    patient_id: PatientId,
    limit: int,
    before: tuple[datetime, UUID] | None = None,
) -> Page[Named]:
    """Return a patient's log, newest first; a page may hold fewer lines than entries were read."""
    entries = trail.access_log(session, patient_id=patient_id, limit=limit + 1, before=before)
    read = page(entries, limit, lambda entry: moment_keys(entry.at, entry.id))
    lines = told_together(_line(entry) for entry in read.items)
    shown = {line.actor_id for line in lines if _nameable(line, reader)}
    found = names.account_names(session, vault=vault, account_ids=shown)
    return Page(_named(lines, found), read.next)


def _named(lines: Sequence[LogLine], found: Mapping[UUID, str]) -> Sequence[Named]:
    return [Named(line, found.get(line.actor_id), main_role(line.actor_role)) for line in lines]


def _nameable(line: LogLine, reader: Actor) -> bool:
    """Tell whether the reader may learn who acted: themselves, or somebody who works here."""
    return line.actor_id == reader.account_id or not STAFF.isdisjoint(line.actor_role.split(","))


def _line(entry: AuditEntry) -> LogLine:
    return LogLine(
        id=entry.id,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_role=entry.actor_role,
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        purpose=entry.purpose,
        outcome=entry.outcome,
        reason_code=reason_code(entry.reason),
        decision_id=entry.decision_id,
    )
