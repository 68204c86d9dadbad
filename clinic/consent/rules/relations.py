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
    """One care relationship of a patient, as it was recorded."""

    practitioner_id: PractitionerId
    period: Period
    created_by: AccountId
    confirmed_at: datetime | None
    treats: bool

    def confirmed(self, reader: AccountId, now: datetime) -> bool:
        """Tell whether someone other than `reader` stands behind this.

        That is the patient, by confirming or by coming to the visit, or a second person who assigned it.
        """
        return self.created_by != reader or (self.confirmed_at is not None and self.confirmed_at <= now)


def standing(relation: Relation, reader: AccountId, now: datetime) -> Standing:
    """Return how `relation` stands towards `reader` at `now`."""
    if not relation.period.contains(now):
        return Standing.ABSENT
    return Standing.OPEN if relation.confirmed(reader, now) else Standing.UNCONFIRMED
