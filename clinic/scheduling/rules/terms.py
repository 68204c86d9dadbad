"""What a service asks of a diary: its lengths, its policy, its reserve, and how it is held."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingPolicy
from clinic.scheduling.rules.reserve import Reserve
from clinic.scheduling.rules.slots import Demand


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which visits of one service are offered."""

    demand: Demand
    policy: BookingPolicy
    reserve: Reserve
    modalities: frozenset[Modality]
    active: bool = True
    staff_only: bool = False

    def open_to(self, *, by_staff: bool) -> bool:
        """Tell whether times are offered at all."""
        return self.active and (by_staff or not self.staff_only)

    def held(self, wanted: Modality | None) -> frozenset[Modality]:
        """Return the ways that fit the wish; None is no wish."""
        return self.modalities if wanted is None else self.modalities & {wanted}
