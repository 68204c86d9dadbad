"""Round robin: each free time goes to whoever of those free then has the fewest minutes booked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.scheduling.queries.booked import booked_minutes
from clinic.scheduling.queries.memory import Memory
from clinic.scheduling.rules.slots import Slot

Rank = tuple[datetime, int, int]  # when, how many minutes they have booked, and who: the place in a list


def rank_of(slot: Slot, minutes: int) -> Rank:
    """Return the place of a slot whose practitioner has so many `minutes` booked."""
    return slot.starts_at, minutes, slot.practitioner.int


def round_robin(
    session: Session,
    memory: Memory,
    free: Iterable[Slot],
    *,
    limit: int,
    after: Rank | None,
    now: datetime,
    at_each_site: bool,
) -> list[tuple[Slot, Rank]]:
    """Return up to `limit` times of `free` (in order of time) that come after the one of rank `after`.

    Each is there once, or once `at_each_site`: who comes in person cannot be at two.
    """

    def time_of(slot: Slot) -> tuple[datetime, UUID | None]:
        return slot.starts_at, slot.site if at_each_site else None

    seen: list[Slot] = []
    later: set[tuple[datetime, UUID | None]] = set()
    for slot in free:
        if len(later) >= limit and slot.starts_at != seen[-1].starts_at:
            break
        if after is None or slot.starts_at > after[0]:
            later.add(time_of(slot))
        seen.append(slot)
    minutes = booked_minutes(session, memory, {slot.practitioner for slot in seen}, now)
    ranked = sorted(
        ((rank_of(slot, minutes.get(slot.practitioner, 0)), slot) for slot in seen), key=lambda one: one[0]
    )
    first: dict[tuple[datetime, UUID | None], tuple[Slot, Rank]] = {}
    for rank, slot in ranked:
        first.setdefault(time_of(slot), (slot, rank))
    return [one for one in first.values() if after is None or one[1] > after][:limit]
