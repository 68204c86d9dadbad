"""Who may use rooms at all; whether a room is theirs the service finds out from the appointment."""

from __future__ import annotations

from clinic.access.actor import Actor
from clinic.access.permissions import Facts, Permission, Policies


def takes_part(actor: Actor, _facts: Facts) -> bool:
    """Allow those who can be a side of a visit."""
    return actor.patient_id is not None or actor.practitioner_id is not None


def practises(actor: Actor, _facts: Facts) -> bool:
    """Allow therapists."""
    return actor.practitioner_id is not None


def anyone_signed_in(_actor: Actor, _facts: Facts) -> bool:
    """Allow every account: a device test shows nothing but one's own voice."""
    return True


POLICIES: Policies = {
    Permission.ROOM_JOIN: takes_part,
    Permission.ROOM_SIGNAL: takes_part,
    Permission.ROOM_ADMIT: practises,
    Permission.ROOM_WATCH: practises,
    Permission.DEVICE_TEST: anyone_signed_in,
}
