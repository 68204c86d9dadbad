"""Free slots for anyone: growing windows from the earliest moment on, until there are enough.

Says nothing of who or what takes the times that are not free.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import Service
from clinic.scheduling.queries.locations import RoomWatch, active_rooms, names_of_sites
from clinic.scheduling.queries.memory import Memory
from clinic.scheduling.queries.openings import Shelf, shelf, supply
from clinic.scheduling.queries.places import Place
from clinic.scheduling.queries.practitioners import ANYBODY, Wish
from clinic.scheduling.queries.round_robin import Rank, rank_of, round_robin
from clinic.scheduling.queries.schedules import taken_elsewhere
from clinic.scheduling.queries.services import get_service, terms_of
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.slots import DayPart, Slot, part_of_day, slots
from clinic.scheduling.rules.spans import span_of
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """What is searched for: `limit` slots from `start` up to `end`, after the one of rank `after`.

    With `fair` each time is found once, with whoever of those free then has the fewest booked minutes. With
    `admitted` those who are searched for may come to the service, whoever books it.
    """

    service: ServiceId
    wish: Wish = ANYBODY
    modality: Modality | None = None
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 20
    after: Rank | None = None
    part: DayPart | None = None
    fair: bool = False
    admitted: bool = False

    @property
    def kind(self) -> Hashable:
        """Return what searches have in common that look about as far for the same service and wish."""
        return self.modality, self.limit, self.part, self.fair


@dataclass(frozen=True, slots=True)
class FoundSlot:
    """A slot as people see it: the instants, and the wall time at the site; `rank` is its place.

    A `reserved` one is still kept for urgent and same-day requests; only staff are shown any. `site_names`
    says where one goes, by language, if it may be in person.
    """

    practitioner: PractitionerId
    practitioner_name: str
    service: ServiceId
    site: UUID
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    reserved: bool
    rank: Rank
    site_names: Mapping[str, str] | None

    def facts(self) -> dict[str, object]:
        """Return the slot as JSON, for a problem document."""
        return {
            "practitioner": str(self.practitioner),
            "practitioner_name": self.practitioner_name,
            "service": str(self.service),
            "site": str(self.site),
            "site_names": self.site_names,
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "local": self.local,
            "tz": self.tz,
            "offset": self.offset,
            "reserved": self.reserved,
        }


def find_slots(
    session: Session, search: SlotSearch, *, now: datetime, by_staff: bool = False
) -> list[FoundSlot]:
    """Return free slots in order of time; raises Invalid for an unknown service."""
    memory = Memory(session)
    terms = memory.of(terms_of, search.service)
    window = terms.policy.window(now, by_staff=by_staff)
    whole = _clipped(window, search)
    open_to = terms.open_to(by_staff=by_staff or search.admitted)
    if not open_to or whole.start >= whole.end:
        return []
    stock = memory.of(supply, search.service, terms.demand, search.wish, window.in_whole_days())
    found = Shelf(stock, terms, terms.held(search.modality), now, reserved=by_staff)
    free = _sweep(session, found, whole, search.kind)
    named: Mapping[UUID, Mapping[str, str]] = {}
    if Modality.IN_PERSON in found.wanted:
        named = memory.of(names_of_sites)
        rooms = {site: some for site, some in memory.of(active_rooms).items() if site in stock.sites}
        if rooms:
            watch = RoomWatch(session, rooms, now)
            free = (slot for slot in free if _has_room(session, search, found, slot, watch))
    if search.part is not None:
        free = (s for s in free if part_of_day(s.starts_at, _place(found, s).tz) == search.part)
    ranked = list(_fair(session, memory, free, search, now) if search.fair else _plain(free, search))
    if len(ranked) == search.limit:
        found.suffices(whole, search.kind, ranked[-1][0].starts_at)
    return [_seen(slot, rank, search.service, found, named.get(_site(slot))) for slot, rank in ranked]


def is_offered(
    session: Session,
    service: Service,
    practitioner: PractitionerId,
    modality: Modality,
    starts_at: datetime,
    *,
    now: datetime,
    by_staff: bool,
    reserved: bool,
) -> Place | None:
    """Return where the search would offer the visit, were no visit booked; else None.

    Times of the service's reserve count where they are `reserved` for whoever asks.
    """
    terms, window = service.terms, service.policy.window(now, by_staff=by_staff)
    if service.is_for_groups or not window.start <= starts_at < window.end:
        return None  # a group's sessions are planned, and people take seats in them
    if not service.active and not by_staff:  # the desk still moves the visits that there are
        return None
    busy = service.demand.busy(starts_at)
    found = shelf(
        session,
        ServiceId(service.id),
        terms,
        Wish(practitioner),
        modality,
        busy,
        now=now,
        reserved=reserved,
    )
    return found.place_at(starts_at, taken_elsewhere(session, found.supply.keys, busy))


def _has_room(session: Session, search: SlotSearch, found: Shelf, slot: Slot, watch: RoomWatch) -> bool:
    """Tell whether an in-person visit finds a room then, or whether it may be held from afar instead."""
    if watch.has(_site(slot), found.terms.demand.busy(slot.starts_at)):
        return True
    service, ways = get_service(session, search.service), found.wanted - {Modality.IN_PERSON}
    return any(
        is_offered(
            session,
            service,
            slot.practitioner,
            way,
            slot.starts_at,
            now=found.now,
            by_staff=True,
            reserved=True,
        )
        for way in ways
    )


def _clipped(window: Interval, search: SlotSearch) -> Interval:
    start = max(window.start, search.start or window.start, search.after[0] if search.after else window.start)
    return Interval(start, min(window.end, search.end or window.end))


def _sweep(session: Session, found: Shelf, whole: Interval, kind: Hashable) -> Iterator[Slot]:
    for window in found.windows(whole, kind):
        yield from slots(found.diaries(session, window), found.terms.demand, window)


def _plain(free: Iterator[Slot], search: SlotSearch) -> Iterator[tuple[Slot, Rank]]:
    ranked = ((slot, rank_of(slot, 0)) for slot in free)
    return islice((one for one in ranked if search.after is None or one[1] > search.after), search.limit)


def _fair(
    session: Session, memory: Memory, free: Iterator[Slot], search: SlotSearch, now: datetime
) -> Sequence[tuple[Slot, Rank]]:
    from_afar = search.modality in {Modality.VIDEO, Modality.PHONE}
    return round_robin(
        session, memory, free, limit=search.limit, after=search.after, now=now, at_each_site=not from_afar
    )


def _site(slot: Slot) -> SiteId:
    assert slot.site is not None  # every diary of a shelf is at a site
    return slot.site


def _is_reserved(slot: Slot, place: Place, found: Shelf) -> bool:
    if not found.reserved or not found.terms.reserve.percent:
        return False  # no such time is among those that were searched, or there are none
    start, end = span_of(found.terms.demand.busy(slot.starts_at))
    return any(kept[0] < end and start < kept[1] for kept in found.kept(place, (start, end)))


def _place(found: Shelf, slot: Slot) -> Place:
    return found.supply.where[slot.practitioner, slot.site]


def _seen(
    slot: Slot, rank: Rank, service: ServiceId, found: Shelf, site_names: Mapping[str, str] | None
) -> FoundSlot:
    place = _place(found, slot)
    wall = to_wall(slot.starts_at, place.tz)
    return FoundSlot(
        practitioner=slot.practitioner,
        practitioner_name=place.name,
        service=service,
        site=place.site,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        local=wall_text(wall),
        tz=place.tz,
        offset=offset_of(wall),
        reserved=_is_reserved(slot, place, found),
        rank=rank,
        site_names=site_names,
    )
