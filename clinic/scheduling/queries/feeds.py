"""What a subscribed calendar shows: the visits that the account's own page would show, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor, Role
from clinic.scheduling.models import Appointment, CalendarFeed
from clinic.scheduling.queries import appointments
from clinic.scheduling.queries.appointments import Period
from clinic.scheduling.rules.booking import Status

PAST = timedelta(days=30)
AHEAD = timedelta(days=400)
MOST_ENTRIES = 2_000
TAKES_PLACE = frozenset({Status.BOOKED, Status.ARRIVED, Status.FULFILLED})
_DESK = frozenset({Role.RECEPTION, Role.CLINIC_ADMIN})


def visits_of(session: Session, actor: Actor, *, now: datetime) -> list[Appointment]:
    """Return the actor's own visits around `now`, those that take place; decided as the page decides.

    Whoever works at the desk gets their own visits and not the clinic's.
    """
    themselves = replace(actor, roles=actor.roles - _DESK)
    period = Period(start=now - PAST, end=now + AHEAD, limit=MOST_ENTRIES)
    return [row for row in appointments.own(session, themselves, period) if row.status in TAKES_PLACE]


def feeds_of(session: Session, *, account_id: UUID) -> Sequence[CalendarFeed]:
    """Return the account's feeds that have not ended, the newest first."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.account_id == account_id, CalendarFeed.ended_at.is_(None))
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id)
    ).all()


def feed_by_token(session: Session, *, token_hash: bytes) -> CalendarFeed | None:
    """Return the feed of this token unless it has ended."""
    return session.scalars(
        select(CalendarFeed).where(CalendarFeed.token_hash == token_hash, CalendarFeed.ended_at.is_(None))
    ).one_or_none()
