"""Offer what is free to those who wait, by themselves: in the order of the queue, one open offer each.

It reads how things stand and not what has happened: a time that came free by a cancelling, a move, an
unanswered offer or new opening hours is found alike, and nothing is lost when the worker was down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid
from clinic.ids import new_id
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.waitlist import WaitlistEntry
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.seats import seats_of
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.queries.waitlist import queue
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import (
    MOST_UNANSWERED,
    OfferStatus,
    Triage,
    Wishes,
    is_waking,
    over_everywhere,
)
from clinic.scheduling.rules.zones import to_wall
from clinic.scheduling.services import offers

_LOOKED_AT, _TURNS = 200, 5  # free times read at once for one person, and how often in one round


def next_in_line(session: Session) -> list[UUID]:
    """Return those whom the clinic itself may ask now, in the order of the queue."""
    return [entry.id for entry in queue(session) if entry.open_offer is None and not _is_silent(entry)]


def offer_soonest(session: Session, *, clock: Clock, entry_id: UUID) -> bool:
    """Offer the person the first free time that they wish for; return whether there was one."""
    now, entry = clock.now(), session.get(WaitlistEntry, entry_id, with_for_update=True)
    slot = next(_fitting(session, entry, now), None) if entry else None
    if entry is None or slot is None or not is_waking(to_wall(now, slot.tz)):
        return False
    try:
        offers.offer(
            session,
            actor=SYSTEM,
            clock=clock,
            offer_id=new_id(),
            entry=entry,
            practitioner=slot.practitioner,
            starts_at=slot.starts_at,
        )
    except (Conflict, Invalid):  # taken or closed since it was read: the next round sees what is left
        return False
    return True


def _is_silent(entry: WaitlistEntry) -> bool:
    """Tell whether the last offers have all gone by without a word."""
    last = [one.status for one in entry.offers if one.automatic][-MOST_UNANSWERED:]
    return last == [OfferStatus.EXPIRED] * MOST_UNANSWERED


def _fitting(session: Session, entry: WaitlistEntry, now: datetime) -> Iterator[FoundSlot]:
    """Yield free times that are wished for, earlier than the visit that stands, and not offered before."""
    standing = session.get(Appointment, entry.appointment_id) if entry.appointment_id else None
    ahead = standing if standing is not None and standing.status in AHEAD else None
    wishes = entry.waiting.wishes
    search = SlotSearch(
        entry.service_id,
        Wish(entry.practitioner_id, entry.language),
        entry.modality,
        end=_search_end(wishes, ahead),
        limit=_LOOKED_AT,
        part=_only_part(wishes),
        admitted=True,
    )
    offered = {(one.practitioner_id, one.starts_at) for one in entry.offers}
    others = _other_visits(session, entry, now)
    for slot in _free(session, search, now=now, by_staff=entry.triage is Triage.URGENT):
        visit = Interval(slot.starts_at, slot.ends_at)
        if (
            wishes.fit(slot.practitioner, to_wall(slot.starts_at, slot.tz))
            and (slot.practitioner, slot.starts_at) not in offered
            and not any(visit.overlaps(other) for other in others)
        ):
            yield slot


def _search_end(wishes: Wishes, standing: Appointment | None) -> datetime | None:
    """Return the instant beyond which nothing is wished for; None where that is open."""
    ends = [standing.starts_at] if standing else []
    if wishes.until is not None:
        ends.append(over_everywhere(wishes.until))
    return min(ends, default=None)


def _free(session: Session, search: SlotSearch, *, now: datetime, by_staff: bool) -> Iterator[FoundSlot]:
    """Yield free times; further ones are read only where none of those before was wished for."""
    for _ in range(_TURNS):
        found = find_slots(session, search, now=now, by_staff=by_staff)
        yield from found
        if len(found) < search.limit:
            return
        search = replace(search, after=found[-1].rank)


def _only_part(wishes: Wishes) -> DayPart | None:
    """Return the part of the day that is wished for, where it is one alone."""
    return next(iter(wishes.parts)) if len(wishes.parts) == 1 else None


def _other_visits(session: Session, entry: WaitlistEntry, now: datetime) -> list[Interval]:
    rows = session.scalars(
        select(Appointment).where(
            Appointment.patient_id == entry.patient_id,
            Appointment.status.in_(AHEAD),
            Appointment.ends_at > now,
            Appointment.id != (entry.appointment_id or entry.id),
        )
    )
    seats = seats_of(session, entry.patient_id, start=now)
    return [row.visit for row in (*rows, *(seat.session for seat in seats))]
