"""When a care relationship opens anything: live, and not by the reader's own act alone (decisions 10b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clinic.consent.rules.provisions import Period
from clinic.ids import AccountId, PractitionerId


class Standing(StrEnum):
    """How a relationship stands towards one reader at one moment."""

    OPEN = "open"
    UNCONFIRMED = "unconfirmed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Relation:
    """One care relationship of a patient.

    `vouched_by` is the patient, who confirmed it or came to the visit, or a second person who assigned it.
    """

    practitioner_id: PractitionerId
    period: Period
    vouched_by: AccountId | None
    treats: bool


def standing(relation: Relation, reader: AccountId, at: datetime) -> Standing:
    """Return how `relation` stands towards `reader` at `at`."""
    if not relation.period.contains(at):
        return Standing.ABSENT
    return Standing.UNCONFIRMED if relation.vouched_by in (None, reader) else Standing.OPEN
