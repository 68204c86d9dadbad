"""Show the waitlist: all of it to the desk, to others their own place; what staff read leaves a trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.ids import ServiceId
from clinic.scheduling.models.waitlist import WaitlistEntry
from clinic.scheduling.policies import is_desk
from clinic.scheduling.queries import offers, waitlist
from clinic.scheduling.queries.offers import SeenEntry, SeenOffer
from clinic.scheduling.queries.waitlist import Figures, FreeTime
from clinic.scheduling.services.reading import Reader


def entry(session: Session, reader: Reader, entry_id: UUID) -> SeenEntry:
    """Return one entry, for whoever has just changed it."""
    return _seen(session, reader, [(session.get_one(WaitlistEntry, entry_id), None)])[0]


def entries(
    session: Session, reader: Reader, *, service: ServiceId | None, free: FreeTime | None
) -> list[SeenEntry]:
    """Return the queue to the desk, those first who would come at `free`; to a patient their own places."""
    if not is_desk(reader.actor, {}):
        patient = reader.actor.patient_id
        return _seen(session, reader, [(row, None) for row in waitlist.own(session, patient=patient)])
    _trace(session, reader, "waitlist.read")
    rows = waitlist.queue(session, service=service)
    pairs = waitlist.fitting_first(session, rows, free) if free else [(row, None) for row in rows]
    return _seen(session, reader, pairs)


def offer(session: Session, reader: Reader, offer_id: UUID) -> SeenOffer:
    """Return one offer, for whoever has just made or answered it."""
    made = offers.offer_of(session, offer_id)
    named = offers.names(session, [made.entry], vault=reader.vault, language=reader.language)
    return offers.seen_offer(made, named)


def open_offers(session: Session, reader: Reader) -> list[SeenOffer]:
    """Return the offers that can be accepted now, the one that ends first first."""
    desk = is_desk(reader.actor, {})
    if desk:
        _trace(session, reader, "offer.list")
    rows = offers.open_offers(
        session, patient=None if desk else reader.actor.patient_id, now=reader.clock.now()
    )
    entries = [made.entry for made in rows]
    named = offers.names(session, entries, vault=reader.vault, language=reader.language)
    return [offers.seen_offer(made, named) for made in rows]


def figures(session: Session, reader: Reader, *, since: datetime, until: datetime) -> Figures:
    """Return how the waitlist does, from `since` up to `until`."""
    _trace(session, reader, "waitlist.figures")
    return waitlist.figures(session, since=since, until=until)


def _seen(
    session: Session, reader: Reader, rows: Sequence[tuple[WaitlistEntry, bool | None]]
) -> list[SeenEntry]:
    named = offers.names(session, [row for row, _ in rows], vault=reader.vault, language=reader.language)
    now = reader.clock.now()
    return [offers.seen_entry(row, named, now=now, fits=fits) for row, fits in rows]


def _trace(session: Session, reader: Reader, action: str) -> None:
    audit.record(session, actor=reader.actor, clock=reader.clock, action=action, object_type="waitlist")
