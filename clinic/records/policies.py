"""Who may ask for notes at all; whether one opens is for the consent decision, which keeps it on record.

The doors are wide on purpose: a refusal here would leave no trace in the patient's log.
"""

from __future__ import annotations

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Facts, Permission, Policies


def anyone_signed_in(_actor: Actor, _facts: Facts) -> bool:
    """Leave it to the decision."""
    return True


def writes_notes(actor: Actor, _facts: Facts) -> bool:
    """Let practitioners have what only an author needs; it belongs to no patient."""
    return actor.has(Role.PRACTITIONER, Role.SUPERVISOR)


POLICIES: Policies = {
    Permission.NOTE_LIST: anyone_signed_in,
    Permission.NOTE_READ: anyone_signed_in,
    Permission.NOTE_WRITE: anyone_signed_in,
    Permission.DRAFT_KEY_READ: writes_notes,
    Permission.NOTE_SIGN: anyone_signed_in,
}
