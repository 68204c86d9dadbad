"""Who may do what with accounts and people, decided from the actor and the URL alone.

That a practitioner may look somebody up at all is decided here; whom, the service finds out.
"""

from __future__ import annotations

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Facts, Permission, Policies

_THERAPISTS = (Role.PRACTITIONER, Role.SUPERVISOR)
_DESK = (Role.RECEPTION, Role.CLINIC_ADMIN)
_MAY_LOOK_UP = (*_DESK, Role.PRIVACY_OFFICER, *_THERAPISTS)


def anyone_signed_in(_actor: Actor, _facts: Facts) -> bool:
    """Allow every account; the service looks at nothing but the actor's own."""
    return True


def looks_people_up(actor: Actor, _facts: Facts) -> bool:
    """Allow those whose work it is to find a patient."""
    return actor.has(*_MAY_LOOK_UP)


def patient_or_looks_up(actor: Actor, _facts: Facts) -> bool:
    """Allow patients, whose tries at others the service refuses on record, and those who look people up."""
    return actor.patient_id is not None or actor.has(*_MAY_LOOK_UP)


def at_the_desk(actor: Actor, _facts: Facts) -> bool:
    """Allow the front desk and the clinic's administration."""
    return actor.has(*_DESK)


def patient_or_desk(actor: Actor, _facts: Facts) -> bool:
    """Allow patients, whose tries at others the service refuses on record, and the front desk."""
    return actor.patient_id is not None or actor.has(*_DESK)


def is_patient(actor: Actor, _facts: Facts) -> bool:
    """Allow patients; the service looks at nothing but what is their own."""
    return actor.patient_id is not None


def administers(actor: Actor, _facts: Facts) -> bool:
    """Allow the clinic's administration."""
    return actor.has(Role.CLINIC_ADMIN)


POLICIES: Policies = {
    Permission.SESSION_OWN: anyone_signed_in,
    Permission.SESSION_STEP_UP: anyone_signed_in,
    Permission.PREFERENCES_OWN: anyone_signed_in,
    Permission.INVITE: administers,
    Permission.CLINIC_READ: administers,
    Permission.CLINIC_EDIT: administers,
    Permission.STAFF_READ: administers,
    Permission.STAFF_EDIT: administers,
    Permission.PATIENT_LIST: looks_people_up,
    Permission.PATIENT_SEARCH: looks_people_up,
    Permission.PATIENT_REGISTER: at_the_desk,
    Permission.PATIENT_INVITE: at_the_desk,
    Permission.PATIENT_READ: patient_or_looks_up,
    Permission.PATIENT_UPDATE: patient_or_desk,
    Permission.CARE_TEAM_READ: patient_or_looks_up,
    Permission.CARE_TEAM_ASSIGN: at_the_desk,
    Permission.CARE_TEAM_CONFIRM: patient_or_desk,
    Permission.GUARDIAN_LIST: patient_or_desk,
    Permission.GUARDIAN_VERIFY: at_the_desk,
    Permission.GUARDIAN_LIMIT: is_patient,
}
