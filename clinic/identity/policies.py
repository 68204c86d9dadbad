"""Who may do what with accounts and people, decided from the actor and the URL alone."""

from __future__ import annotations

from clinic.access.actor import Actor
from clinic.access.permissions import Facts, Permission, Policies


def anyone_signed_in(_actor: Actor, _facts: Facts) -> bool:
    """Allow every account; the service looks at nothing but the actor's own."""
    return True


POLICIES: Policies = {
    Permission.SESSION_OWN: anyone_signed_in,
    Permission.SESSION_STEP_UP: anyone_signed_in,
    Permission.PREFERENCES_OWN: anyone_signed_in,
}
