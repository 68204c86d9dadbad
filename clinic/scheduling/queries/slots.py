"""Free slots for anyone: growing windows from the earliest moment on, until there are enough.

Says nothing of who or what takes the times that are not free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId
from clinic.scheduling.models import Service
from clinic.scheduling.queries.locations import RoomWatch
from clinic.scheduling.queries.practitioners import ANYBODY, Wish
from clinic.scheduling.queries.schedules import Candidate, busy_times, candidates, weekly_rules
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.availability import Modality, WeeklyRule, opening_hours
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.slots import Diary, Slot, growing_windows, offers, slots
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """What is searched for: `limit` slots from `start` up to `end`, after the one of rank `after`."""

    service: ServiceId
    wish: Wish = ANYBODY
    modality: Modality | None = None
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 20
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class FoundSlot:
    """A slot as people see it: the instants, and the wall time at the practitioner's site."""

    practitioner: PractitionerId
    practitioner_name: str
    service: ServiceId
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str

    def facts(self) -> dict[str, str]:
        """Return the slot as JSON, for a problem document."""
        return {
            "practitioner": str(self.practitioner),
            "practitioner_name": self.practitioner_name,
            "service": str(self.service),
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "local": self.local,
            "tz": self.tz,
            "offset": self.offset,
        }


def find_slots(
    session: Session, search: SlotSearch, *, now: datetime, by_staff: bool = False
) -> list[FoundSlot]:
    """Return free slots in order of time; raises Invalid for an unknown service."""
    service = get_service(session, search.service)
    only_staff = service.booking_rule is BookingRule.STAFF
    if not service.active or service.is_for_groups or (only_staff and not by_staff):
        return []  # a group's sessions are planned, and people take seats in them
    who = candidates(session, search.service, search.wish)
    whole = _clipped(service.policy.window(now, by_staff=by_staff), search)
    free = _sweep(session, service, who, search.modality, whole, now)
    if Modality.IN_PERSON in _modalities(service, search.modality):
        watch = RoomWatch(session, {person.site for person in who.values()}, now)
        free = (slot for slot in free if _has_room(session, service, who, search, slot, watch, now))
    found = (slot for slot in free if search.after is None or slot.rank > search.after)
    return [_seen(slot, search.service, who[slot.practitioner]) for slot in islice(found, search.limit)]


def is_offered(
    session: Session,
    service: Service,
    practitioner: PractitionerId,
    modality: Modality,
    starts_at: datetime,
    *,
    now: datetime,
    by_staff: bool,
) -> Candidate | None:
    """Return the practitioner if the search would offer the visit, were nothing booked; else None."""
    window = service.policy.window(now, by_staff=by_staff)
    who = candidates(session, ServiceId(service.id), Wish(practitioner))
    if practitioner not in who or service.is_for_groups or not window.start <= starts_at < window.end:
        return None
    if not service.active and not by_staff:  # the desk still moves the visits that there are
        return None
    wanted = _modalities(service, modality)
    rules = weekly_rules(session, [practitioner])[practitioner]
    hours = opening_hours(rules, service.demand.busy(starts_at), modalities=wanted)
    return who[practitioner] if offers(Diary(practitioner, hours, ()), service.demand, starts_at) else None


def _has_room(
    session: Session,
    service: Service,
    who: Mapping[PractitionerId, Candidate],
    search: SlotSearch,
    slot: Slot,
    watch: RoomWatch,
    now: datetime,
) -> bool:
    """Tell whether an in-person visit finds a room then, or whether it may be held from afar instead."""
    if watch.has(who[slot.practitioner].site, service.demand.busy(slot.starts_at)):
        return True
    return any(
        is_offered(session, service, slot.practitioner, way, slot.starts_at, now=now, by_staff=True)
        for way in _modalities(service, search.modality) - {Modality.IN_PERSON}
    )


def _clipped(window: Interval, search: SlotSearch) -> Interval:
    start = max(window.start, search.start or window.start, search.after[0] if search.after else window.start)
    return Interval(start, min(window.end, search.end or window.end))


def _sweep(
    session: Session,
    service: Service,
    who: Mapping[PractitionerId, Candidate],
    modality: Modality | None,
    whole: Interval,
    now: datetime,
) -> Iterator[Slot]:
    rules = weekly_rules(session, who)
    wanted = _modalities(service, modality)
    for window in growing_windows(whole):
        reach = service.demand.reach(window)
        busy = busy_times(session, who, reach, now)
        diaries = [_diary(person, rules, busy, reach, wanted) for person in who]
        yield from slots(diaries, service.demand, window)


def _diary(
    person: PractitionerId,
    rules: Mapping[UUID, list[WeeklyRule]],
    busy: Mapping[UUID, list[Interval]],
    reach: Interval,
    modalities: frozenset[Modality],
) -> Diary:
    hours = opening_hours(rules.get(person, ()), reach, modalities=modalities)
    return Diary(person, hours, busy.get(person, ()))


def _modalities(service: Service, wanted: Modality | None) -> frozenset[Modality]:
    offered = frozenset(Modality(code) for code in service.modalities)
    return offered if wanted is None else offered & {wanted}


def _seen(slot: Slot, service: ServiceId, person: Candidate) -> FoundSlot:
    wall = to_wall(slot.starts_at, person.tz)
    return FoundSlot(
        practitioner=slot.practitioner,
        practitioner_name=person.name,
        service=service,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        local=wall_text(wall),
        tz=person.tz,
        offset=offset_of(wall),
    )
