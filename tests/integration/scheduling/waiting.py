"""Short ways to wait, to offer a time and to take it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from clinic.access.actor import Actor
from clinic.db.transaction import snapshot
from clinic.ids import new_id
from clinic.scheduling import tasks
from clinic.scheduling.models import Appointment, WaitlistEntry, WaitlistOffer
from clinic.scheduling.queries.slots import FoundSlot
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.waitlist import EntryState, OfferStatus, Wishes
from clinic.scheduling.services import offers, waitlist
from clinic.scheduling.services.waitlist import Joining
from tests.integration.scheduling.conftest import Clinic

ANY_TIME = Wishes()


def joining(clinic: Clinic, **more: object) -> Joining:
    """Return the wish to wait for any time."""
    return replace(Joining(clinic.diary.service, Modality.VIDEO, ANY_TIME), **more)  # type: ignore[arg-type]


def join(clinic: Clinic, actor: Actor, **more: object) -> WaitlistEntry:
    """Put somebody on the waitlist."""
    with clinic.act() as session:
        return waitlist.join(
            session, actor=actor, clock=clinic.clock, entry_id=new_id(), joining=joining(clinic, **more)
        )


def offer(clinic: Clinic, entry: WaitlistEntry, slot: FoundSlot, actor: Actor | None = None) -> WaitlistOffer:
    """Offer a time, as the desk does."""
    with clinic.act() as session:
        return offers.offer(
            session,
            actor=actor or clinic.diary.desk,
            clock=clinic.clock,
            offer_id=new_id(),
            entry=session.get_one(WaitlistEntry, entry.id),
            practitioner=slot.practitioner,
            starts_at=slot.starts_at,
        )


def accept(clinic: Clinic, actor: Actor, made: WaitlistOffer) -> Appointment:
    """Take what is offered."""
    with clinic.act() as session:
        return offers.accept(session, actor=actor, clock=clinic.clock, offer_id=made.id)


def state_of(clinic: Clinic, entry: WaitlistEntry) -> EntryState:
    """Return what has become of somebody's waiting."""
    with snapshot(clinic.database) as session:
        return session.get_one(WaitlistEntry, entry.id).state


def open_offers(clinic: Clinic) -> list[WaitlistOffer]:
    """Return what can be answered, what was made first first."""
    with clinic.act() as session:
        return list(
            session.scalars(
                select(WaitlistOffer)
                .where(WaitlistOffer.status == OfferStatus.OPEN)
                .order_by(WaitlistOffer.made_at, WaitlistOffer.starts_at)
            )
        )


def refilled(clinic: Clinic) -> int:
    """Let the worker offer what is free; return how many times it did."""
    return tasks.refill_free_times(clinic.database, clinic.clock)
