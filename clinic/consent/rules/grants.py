"""What a patient can say to one practitioner, and the FHIR provision that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic.access.clearance import Compartment, Purpose
from clinic.consent.rules.provisions import Effect, Provision
from clinic.consent.rules.roles import CARE_PURPOSES
from clinic.ids import PractitionerId

# Special compartments are named by their sensitivity code alone, so that naming one opens no other.
_NAMED: Mapping[Compartment, frozenset[str]] = {
    Compartment.GENERAL: frozenset({"N"}),
    Compartment.PSYCHOTHERAPY: frozenset({"PSYTHPN"}),
    Compartment.SUD: frozenset({"SUD"}),
}

# The consent form says nothing of substance-use records yet, so nobody can have agreed to open them.
GRANTABLE_COMPARTMENTS = frozenset(_NAMED) - {Compartment.SUD}
GRANTABLE_PURPOSES = CARE_PURPOSES


@dataclass(frozen=True, slots=True)
class Grant:
    """A permit or deny to one practitioner, for some purposes and parts of the file."""

    effect: Effect
    practitioner_id: PractitionerId
    purposes: frozenset[Purpose]
    compartments: frozenset[Compartment]

    def objections(self) -> dict[str, list[str]]:
        """Return what cannot be granted, by field; empty where all of it can."""
        found: dict[str, list[str]] = {}
        if not self.purposes or not self.purposes <= GRANTABLE_PURPOSES:
            found["purposes"] = [f"One or more of {', '.join(sorted(GRANTABLE_PURPOSES))}."]
        if not self.compartments or not self.compartments <= GRANTABLE_COMPARTMENTS:
            found["compartments"] = [f"One or more of {', '.join(sorted(GRANTABLE_COMPARTMENTS))}."]
        return found


def end_of_day(day: date, tz: str) -> datetime:
    """Return the instant at which `day` is over in `tz`; a midnight that is skipped counts as its moment."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(tz))
    return midnight.astimezone(UTC)


def last_day(ends_at: datetime, tz: str) -> date:
    """Return the last day on which something holds that ends at `ends_at`, on the calendars of `tz`."""
    return (ends_at - timedelta(microseconds=1)).astimezone(ZoneInfo(tz)).date()


def provision_of(grant: Grant) -> Provision:
    """Return the provision that states `grant`, one exception for each further compartment."""
    first, *further = [_NAMED[compartment] for compartment in sorted(grant.compartments)]
    return Provision(
        effect=grant.effect,
        purposes=frozenset(grant.purposes),
        actors=frozenset({f"Practitioner/{grant.practitioner_id}"}),
        labels=first,
        children=tuple(Provision(grant.effect, labels=labels) for labels in further),
    )


def compartments_of(provision: Provision) -> frozenset[Compartment]:
    """Return the compartments that a provision made by `provision_of` names."""
    stated = {provision.labels, *(child.labels for child in provision.children)}
    return frozenset(compartment for compartment, labels in _NAMED.items() if labels in stated)
