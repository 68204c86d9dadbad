"""Who may see and give consents; whether content opens is not asked here but in the decision."""

from __future__ import annotations

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Facts, Permission, Policies


def own(actor: Actor, facts: Facts) -> bool:
    """Allow patients what is in the URL of their own file."""
    return actor.patient_id is not None and actor.patient_id == facts.get("patient_id")


def own_or_privacy_officer(actor: Actor, facts: Facts) -> bool:
    """Allow patients their own, and the privacy officer everybody's."""
    return own(actor, facts) or actor.has(Role.PRIVACY_OFFICER)


def patient(actor: Actor, _facts: Facts) -> bool:
    """Allow any patient; the service compares whose consent it is once it has loaded it."""
    return actor.patient_id is not None


POLICIES: Policies = {
    Permission.CONSENT_READ: own_or_privacy_officer,
    Permission.CONSENT_GRANT: own,
    Permission.CONSENT_REVOKE: patient,
}
