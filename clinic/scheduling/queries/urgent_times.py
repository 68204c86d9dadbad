"""When somebody on call could see a patient soon: in their opening hours, the reserve, and while on call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.models import Service
from clinic.scheduling.queries.on_call import rota_of
from clinic.scheduling.queries.openings import candidates
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.schedules import busy_times, taken_elsewhere
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.on_call import duties
from clinic.scheduling.rules.slots import Diary, slots
from clinic.scheduling.rules.spans import Span, merged, minus, span_of
from clinic.scheduling.rules.zones import to_wall, wall_text

SOON = timedelta(hours=48)
MOST = 12
_GRID = timedelta(minutes=15)  # on call nobody waits for the full hour


@dataclass(frozen=True, slots=True)
class SoonTime:
    """A time that could be booked for an urgent visit; `on_call`: outside the opening hours."""

    practitioner: PractitionerId
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    on_call: bool


def soon(
    session: Session, service: Service, practitioner: PractitionerId, modality: Modality, *, now: datetime
) -> list[SoonTime]:
    """Return the next times of a practitioner within two days, in order."""
    end = now + SOON
    search = SlotSearch(ServiceId(service.id), Wish(practitioner), modality, start=now, end=end, limit=MOST)
    found = {
        slot.starts_at: SoonTime(
            practitioner, slot.starts_at, slot.ends_at, slot.local, slot.tz, on_call=False
        )
        for slot in find_slots(session, search, now=now, by_staff=True)
    }
    for one in islice(_while_on_call(session, service, practitioner, Interval(now, end)), MOST):
        found.setdefault(one.starts_at, one)
    return sorted(found.values(), key=lambda one: one.starts_at)[:MOST]


def is_on_call(session: Session, service: Service, practitioner: PractitionerId, starts_at: datetime) -> bool:
    """Tell whether a whole visit lies within somebody's duties and nothing outside the diary takes it.

    Visits in the way are left to the database, as with any booking.
    """
    visit = Interval(starts_at, starts_at + service.demand.length)
    place = candidates(session, ServiceId(service.id), Wish(practitioner)).get(practitioner)
    if place is None:
        return False
    busy = taken_elsewhere(session, {place.key}, visit).get(place.key, ())
    start, end = span_of(visit)
    free = minus(_on_duty(session, service, practitioner, visit), busy)
    return any(span[0] <= start and end <= span[1] for span in free)


def _while_on_call(
    session: Session, service: Service, practitioner: PractitionerId, window: Interval
) -> Iterator[SoonTime]:
    place = candidates(session, ServiceId(service.id), Wish(practitioner)).get(practitioner)
    if place is None:
        return
    demand = replace(service.demand, before=timedelta(0), after=timedelta(0), grid=_GRID)
    busy = busy_times(session, {place.key}, service.demand.reach(window), window.start).get(place.key, ())
    diary = Diary(practitioner, _on_duty(session, service, practitioner, window), busy)
    for slot in slots([diary], demand, window):
        local = wall_text(to_wall(slot.starts_at, place.tz))
        yield SoonTime(practitioner, slot.starts_at, slot.ends_at, local, place.tz, on_call=True)


def _on_duty(
    session: Session, service: Service, practitioner: PractitionerId, window: Interval
) -> list[Span]:
    rota = rota_of(session, service.id, window)
    found = duties(rota, span_of(window))
    return merged(one.span for one in found if one.practitioner == practitioner)
