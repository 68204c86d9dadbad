"""The purpose of use of a request for content: what the caller declares, or what the role is there for."""

from __future__ import annotations

from flask import request

from clinic.access.actor import Actor, Role
from clinic.access.clearance import Purpose
from clinic.errors import Invalid

HEADER = "X-Purpose-Of-Use"


def purpose_of_use(actor: Actor) -> Purpose:
    """Return what the request declares; raises Invalid `purpose_unknown` for what is no code of ours.

    A caller who declares nothing asks for what the role is there for: those who treat, to treat; patients,
    for themselves; everybody else, to run the clinic, which opens no content. The decision records it.
    """
    declared = request.headers.get(HEADER)
    if declared is None:
        return _of_role(actor)
    try:
        return Purpose(declared)
    except ValueError:
        raise Invalid("purpose_unknown", errors={HEADER: [f"One of {', '.join(Purpose)}."]}) from None


def _of_role(actor: Actor) -> Purpose:
    if actor.has(Role.PRACTITIONER, Role.SUPERVISOR):
        return Purpose.TREATMENT
    return Purpose.HEALTHCARE_OPERATIONS if actor.is_staff else Purpose.PATIENT_REQUEST
