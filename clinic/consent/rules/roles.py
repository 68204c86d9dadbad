"""What each role may do with content at all, and for which purposes; no consent widens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.access.actor import Role
from clinic.access.clearance import Action, Purpose


@dataclass(frozen=True, slots=True)
class Reach:
    """The actions and purposes of one role."""

    actions: frozenset[Action]
    purposes: frozenset[Purpose]


CARE_PURPOSES = frozenset({Purpose.TREATMENT, Purpose.COORDINATION})

CAREGIVERS: Mapping[Role, Reach] = {
    Role.PRACTITIONER: Reach(frozenset({Action.READ, Action.WRITE, Action.SIGN}), CARE_PURPOSES),
    Role.SUPERVISOR: Reach(frozenset({Action.READ}), CARE_PURPOSES),
}
ONESELF = Reach(frozenset({Action.READ, Action.EXPORT}), frozenset({Purpose.PATIENT_REQUEST}))

# Signing and taking content away ask for a fresh proof of who is there.
STEP_UP = frozenset({Action.SIGN, Action.EXPORT})

# Those who may look patients up learn why they are refused; to everybody else there is nothing there.
_KNOWING = frozenset(
    {Role.PRACTITIONER, Role.SUPERVISOR, Role.RECEPTION, Role.CLINIC_ADMIN, Role.PRIVACY_OFFICER}
)


def reaches(roles: frozenset[Role]) -> tuple[Reach, ...]:
    """Return what `roles` may do with the content of other people."""
    return tuple(reach for role, reach in CAREGIVERS.items() if role in roles)


def may_know_of_patients(roles: frozenset[Role]) -> bool:
    """Tell whether someone with `roles` may learn that a patient exists."""
    return not roles.isdisjoint(_KNOWING)
