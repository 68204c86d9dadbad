"""What the worker does for the diary."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import AppointmentId, PatientId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.reminders import reminded_within
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import attendance, clock_changes, holds, offers, refill
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
            for appointment in found[start : start + _AT_ONCE]:
                _remind(session, telling, appointment)
    return len(found)


def _remind(session: Session, telling: Telling, appointment: AppointmentId) -> None:
    visit = session.get(Appointment, appointment)
    if visit is None or visit.status is not Status.BOOKED:
        return
    if visit.is_group:
        remind_of_seats(session, telling, visit)
    elif visit.patient_id is not None:
        telling.remind(session, visit, PatientId(visit.patient_id))


def settle_past_visits(database: Database, clock: Clock) -> int:
    """Mark visits that are over and took place as fulfilled; return how many."""
    with transaction(database) as session:
        return attendance.settle(session, actor=SYSTEM, clock=clock)


def forget_holds(database: Database, clock: Clock) -> int:
    """Delete holds that lapsed more than a day ago; return how many."""
    with transaction(database) as session:
        return holds.forget(session, clock=clock)


def refill_free_times(database: Database, clock: Clock) -> int:
    """Close the offers that lapsed and offer what is free to those next in line; return how many.

    Each offer is a transaction of its own, so that one that fails stops no other.
    """
    with transaction(database) as session:
        offers.expire(session, clock=clock)
    with snapshot(database) as session:
        waiting = refill.next_in_line(session)
    made = 0
    for entry in waiting:
        with transaction(database) as session:
            made += refill.offer_soonest(session, clock=clock, entry_id=entry)
    return made


def ask_the_next(database: Database, clock: Clock) -> int:
    """Ask the next step about urgent requests that nobody has claimed in time; return how many.

    Each is a transaction of its own that looks again: two workers ask once, and one that dies asks nobody.
    """
    with snapshot(database) as session:
        waiting = asking.overdue(session, clock=clock)
    asked = 0
    for request in waiting:
        with transaction(database) as session:
            asked += asking.escalate(session, clock=clock, request_id=request)
    return asked


def follow_clocks(database: Database, clock: Clock) -> int:
    """Stamp visits that new zone rules leave where they are; return how many wait for staff to move them."""
    with transaction(database) as session:
        waiting = clock_changes.follow(session, clock=clock)
    if waiting:
        _log.warning("visits_moved_by_zone_rules", count=waiting)
    return waiting
