"""Writing an entry: in the act's own transaction, authenticated at once, chained by the sealer later."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Purpose
from clinic.audit.body import body_hash, entry_mac
from clinic.audit.keys import keys_of
from clinic.audit.models import AuditEntry, Outcome
from clinic.clock import Clock
from clinic.ids import new_id

# Codes and rule paths, never a sentence: free text in the trail could not be erased again.
_CODE = re.compile(r"[A-Za-z0-9_.:,/-]{1,200}")


def record(
    session: Session,
    *,
    actor: Actor | None,
    clock: Clock,
    action: str,
    outcome: str = Outcome.ALLOWED,
    patient_id: UUID | None = None,
    object_type: str | None = None,
    object_id: UUID | None = None,
    purpose: Purpose | str | None = None,
    reason: str | None = None,
    decision_id: UUID | None = None,
) -> AuditEntry:
    """Add an entry to the transaction of `session` and return it; raises ValueError without an actor."""
    row = entry(
        session,
        actor=actor,
        clock=clock,
        action=action,
        outcome=outcome,
        patient_id=patient_id,
        object_type=object_type,
        object_id=object_id,
        purpose=purpose,
        reason=reason,
        decision_id=decision_id,
    )
    session.add(row)
    return row


def entry(
    session: Session,
    *,
    actor: Actor | None,
    clock: Clock,
    action: str,
    outcome: str = Outcome.ALLOWED,
    patient_id: UUID | None = None,
    object_type: str | None = None,
    object_id: UUID | None = None,
    purpose: Purpose | str | None = None,
    reason: str | None = None,
    decision_id: UUID | None = None,
) -> AuditEntry:
    """Return an entry without adding it, for a `Refused`; `session` lends its audit keys only."""
    if actor is None:
        raise ValueError("an act without an actor is not done")
    keys = keys_of(session)
    row = AuditEntry(
        id=new_id(),
        at=clock.now(),
        actor_id=actor.account_id,
        actor_role=",".join(sorted(actor.roles)) or "system",
        session_id=actor.session_id,
        action=_code(action),
        outcome=Outcome(outcome),
        patient_pseudonym=None if patient_id is None else keys.pseudonym_of(patient_id),
        object_type=object_type and _code(object_type),
        object_id=object_id,
        purpose=purpose and _code(str(purpose)),
        reason=reason and _code(reason),
        decision_id=decision_id,
    )
    row.body_hash = body_hash(row)
    row.mac = entry_mac(keys.entry, row.body_hash)
    return row


def _code(text: str) -> str:
    """Return `text`; raises ValueError where it is not a code."""
    if _CODE.fullmatch(text) is None:
        raise ValueError("the trail takes codes, never free text")
    return text
