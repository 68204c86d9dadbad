"""The declared purpose of use: staff name it with every request for content, patients ask for themselves."""

from __future__ import annotations

from flask import request

from clinic.access.actor import Actor
from clinic.access.clearance import Purpose
from clinic.errors import Invalid

HEADER = "X-Purpose-Of-Use"


def purpose_of_use(actor: Actor) -> Purpose:
    """Return what the request declares; raises Invalid `purpose_required` or `purpose_unknown`.

    It is never presumed for staff. Whoever is a patient only asks for themselves: PATRQT needs no saying.
    """
    declared = request.headers.get(HEADER)
    if declared is None and not actor.is_staff:
        return Purpose.PATIENT_REQUEST
    if declared is None:
        raise Invalid("purpose_required", errors={HEADER: ["Say what the content is for, as in TREAT."]})
    try:
        return Purpose(declared)
    except ValueError:
        raise Invalid("purpose_unknown", errors={HEADER: [f"One of {', '.join(Purpose)}."]}) from None
