"""What the worker does for the diary; one visit, offer or request that fails stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import PatientId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.reminders import reminded_within
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import attendance, clock_changes, holds, offers, refill, waitlist
from clinic.scheduling.services.telling import Telling
from clinic.scheduling.services.telling_many import remind_of_seats
from clinic.scheduling.services.urgent import asking
from clinic.web.runtime import Runtime

_A_DAY = timedelta(hours=25)  # an hour more than a day: the task runs every hour
_AT_ONCE = 50
_log = structlog.get_logger(__name__)


def telling_of(parts: Runtime) -> Telling:
    """Return how the clinic of `parts` writes about visits."""
    return Telling(parts.clock, parts.vault.fields, parts.settings.reminders)


def plan_reminders(database: Database, telling: Telling) -> int:
    """Queue what falls due within a day and no booking has queued; return how many visits were looked at.

    Bookings queue their own; this is for what has changed around them: a guardian who came later, a service
    that reminds at other times, visits from before there were reminders. What is queued stays as it is.
    """
    with snapshot(database) as session:
        found = reminded_within(session, usual=telling.usual, now=telling.clock.now(), within=_A_DAY)
    for start in range(0, len(found), _AT_ONCE):
        with transaction(database) as session:
            _each("remind", found[start : start + _AT_ONCE], partial(_remind, session, telling))
    return len(found)


def _remind(session: Session, telling: Telling, appointment: UUID) -> bool:
    with session.begin_nested():
        visit = session.get(Appointment, appointment)
        if visit is None or visit.status is not Status.BOOKED:
            return False
        if visit.is_group:
            remind_of_seats(session, telling, visit)
        elif visit.patient_id is not None:
            telling.remind(session, visit, PatientId(visit.patient_id))
        return True


def settle_past_visits(database: Database, clock: Clock) -> int:
    """Mark visits that are over and took place as fulfilled; return how many."""
    with transaction(database) as session:
        return attendance.settle(session, actor=SYSTEM, clock=clock)


def forget_holds(database: Database, clock: Clock) -> int:
    """Delete holds that lapsed more than a day ago; return how many."""
    with transaction(database) as session:
        return holds.forget(session, clock=clock)


def end_waits(database: Database, clock: Clock) -> None:
    """Close the offers that lapsed, and end what nothing can come of any more."""
    with transaction(database) as session:
        offers.expire(session, clock=clock)
    with transaction(database) as session:
        waitlist.end_over(session, clock=clock)


def refill_free_times(database: Database, clock: Clock) -> int:
    """End what is over and offer what is free to those next in line; return how many.

    Each offer is a transaction of its own.
    """

    def offer(entry: UUID) -> bool:
        with transaction(database) as session:
            return refill.offer_soonest(session, clock=clock, entry_id=entry)

    end_waits(database, clock)
    with snapshot(database) as session:
        waiting = refill.next_in_line(session)
    return _each("offer", waiting, offer)


def ask_the_next(database: Database, clock: Clock) -> int:
    """Ask the next step about urgent requests that nobody has claimed in time; return how many.

    Each is a transaction of its own that looks again: two workers ask once, and one that dies asks nobody.
    """

    def ask(request: UUID) -> bool:
        with transaction(database) as session:
            return asking.escalate(session, clock=clock, request_id=request)

    with snapshot(database) as session:
        waiting = asking.overdue(session, clock=clock)
    return _each("ask_the_next", waiting, ask)


def _each(what: str, ids: Iterable[UUID], act: Callable[[UUID], bool]) -> int:
    """Do `act` for each of `ids` and return for how many it did something."""
    done = 0
    for one in ids:
        try:
            done += act(one)
        except Exception as error:  # its next turn may succeed; the type alone, since messages quote data
            _log.error("one_failed", what=what, id=str(one), error_type=type(error).__name__)
    return done


def follow_clocks(database: Database, clock: Clock) -> int:
    """Stamp visits that new zone rules leave where they are; return how many wait for staff to move them."""
    with transaction(database) as session:
        waiting = clock_changes.follow(session, clock=clock)
    if waiting:
        _log.warning("visits_moved_by_zone_rules", count=waiting)
    return waiting
