"""A note in a patient's file, and the clearance that opens it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.ids import AccountId, DecisionId, PatientId, new_id
from clinic.vault import Binding

PATIENT = PatientId(UUID(int=1))
TEXT = "لم ينم منذ ثلاثة أيام. Il pleure le soir.".encode()

BINDING = Binding(
    content_type="note",
    patient_id=PATIENT,
    object_id=UUID(int=2),
    version=1,
    compartment=Compartment.GENERAL,
    author_id=UUID(int=3),
)


def clearance(now: datetime, **changes: Any) -> Clearance:
    """Return a clearance to read `BINDING` at `now`, with `changes`."""
    holds = Clearance(
        decision_id=DecisionId(new_id()),
        actor_id=AccountId(UUID(int=4)),
        patient_id=PATIENT,
        action=Action.READ,
        purpose=Purpose.TREATMENT,
        compartments=frozenset({Compartment.GENERAL}),
        epoch=0,
        not_after=now + timedelta(seconds=30),
    )
    return replace(holds, **changes)
