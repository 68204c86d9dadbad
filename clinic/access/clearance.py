"""The proof of a consent decision that every read and write of clinical content takes.

Only the consent slice constructs a `Clearance`; the vault re-checks its time and epoch before it opens
anything. A read without one does not type-check.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from clinic.ids import AccountId, DecisionId, PatientId


class Compartment(StrEnum):
    """The parts of a file that are locked with different keys."""

    GENERAL = "general"
    PSYCHOTHERAPY = "psychotherapy"
    SUD = "sud"
    MEDIA = "media"


class Action(StrEnum):
    """What a clearance lets its holder do with content."""

    READ = "read"
    WRITE = "write"
    SIGN = "sign"
    EXPORT = "export"


class Purpose(StrEnum):
    """Why content is asked for: codes of HL7 v3-ActReason (PurposeOfUse)."""

    TREATMENT = "TREAT"
    COORDINATION = "COC"
    EMERGENCY_TREATMENT = "ETREAT"
    BREAK_GLASS = "BTG"
    PATIENT_REQUEST = "PATRQT"
    FAMILY_REQUEST = "FAMRQT"
    HEALTHCARE_OPERATIONS = "HOPERAT"
    PAYMENT = "HPAYMT"
    RESEARCH = "HRESCH"
    LEGAL = "HLEGAL"


@dataclass(frozen=True, slots=True)
class Clearance:
    """An audited decision to let one actor touch one patient's content, for seconds.

    Where `author_id` is set, it reaches only content that this author wrote.
    """

    decision_id: DecisionId
    actor_id: AccountId
    patient_id: PatientId
    action: Action
    purpose: Purpose
    compartments: frozenset[Compartment]
    epoch: int
    not_after: datetime
    author_id: UUID | None = None
