"""The times of one practitioner that are kept for urgent and same-day requests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.models import Service
from clinic.scheduling.queries.openings import shelf
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import interval_of, merged, span_of


def reserved_times(
    session: Session, service: Service, practitioner: UUID, window: Interval, *, now: datetime
) -> list[Interval]:
    """Return what the reserve of `service` keeps at `now` in the openings that `window` touches, sorted."""
    terms = service.terms
    if not terms.reserve.percent:
        return []
    found = shelf(
        session,
        ServiceId(service.id),
        terms,
        Wish(PractitionerId(practitioner)),
        None,
        window,
        now=now,
        reserved=True,
    )
    kept = merged(span for place in found.supply.places for span in found.kept(place, span_of(window)))
    return [interval_of(span) for span in kept]
