"""Calendars elsewhere: practitioners add and remove theirs, the worker takes, keeps or notes a failure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid, NotFound
from clinic.ids import PractitionerId
from clinic.scheduling.models import ExternalBusy, ExternalCalendar, Schedule
from clinic.scheduling.outside.failures import Failure
from clinic.scheduling.outside.reading import Found
from clinic.scheduling.queries.external_calendars import (
    ADDRESS,
    DueCalendar,
    due,
    our_visits,
    rows_of,
    zones_of,
)
from clinic.scheduling.rules.outside_addresses import NotAllowed, target_of
from clinic.scheduling.rules.outside_calendars import MOST_CALENDARS, kept, read_next, window_at
from clinic.vault.fields import Fields

# A worker that died while it was reading is given up on after this.
_LEASE = timedelta(minutes=5)


def add(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    calendar_id: UUID,
    practitioner: PractitionerId,
    address: str,
    trusted: frozenset[str],
) -> None:
    """Let the worker read the calendar at `address`; raises Invalid, Conflict("too_many_calendars")."""
    if session.get(Schedule, practitioner) is None:
        raise NotFound
    try:
        target_of(address, trusted=trusted)
    except NotAllowed:
        raise Invalid(
            "invalid", errors={"address": ["This is no calendar address that starts with https://."]}
        ) from None
    if len(rows_of(session, practitioner=practitioner)) >= MOST_CALENDARS:
        raise Conflict("too_many_calendars")
    now = clock.now()
    session.add(
        ExternalCalendar(
            id=calendar_id,
            practitioner_id=practitioner,
            address_sealed=fields.seal(calendar_id, ADDRESS, address),
            created_at=now,
            due_at=now,
            failures=0,
        )
    )
    session.flush()
    _record(session, actor, clock, "external_calendar.add", calendar_id)


def remove(
    session: Session, *, actor: Actor, clock: Clock, practitioner: PractitionerId, calendar_id: UUID
) -> None:
    """Forget a calendar with its busy times; raises NotFound."""
    row = _own(session, practitioner, calendar_id)
    session.execute(delete(ExternalBusy).where(ExternalBusy.calendar_id == calendar_id))
    session.delete(row)
    session.flush()
    _record(session, actor, clock, "external_calendar.remove", calendar_id)


def read_soon(
    session: Session, *, actor: Actor, clock: Clock, practitioner: PractitionerId, calendar_id: UUID
) -> None:
    """Let the worker read a calendar at its next turn; raises NotFound."""
    row = _own(session, practitioner, calendar_id)
    row.due_at = min(row.due_at, clock.now())
    _record(session, actor, clock, "external_calendar.refresh", calendar_id)


def take_due(session: Session, *, clock: Clock, fields: Fields, limit: int) -> list[DueCalendar]:
    """Take calendars that are to be read; others leave them alone until the lease is over."""
    now = clock.now()
    rows = due(session, now=now, limit=limit)
    zones = zones_of(session, {row.practitioner_id for row in rows})
    for row in rows:
        row.due_at = now + _LEASE
    return [
        DueCalendar(
            row.id,
            PractitionerId(row.practitioner_id),
            fields.open(row.id, ADDRESS, row.address_sealed),
            zones[row.practitioner_id],
        )
        for row in rows
    ]


def keep(session: Session, *, clock: Clock, calendar_id: UUID, found: Sequence[Found]) -> None:
    """Put what was read in the place of what was known; our own visits do not count against themselves."""
    row = session.get(ExternalCalendar, calendar_id, with_for_update={"key_share": True})
    if row is None:
        return  # removed meanwhile
    now = clock.now()
    ours = our_visits(session, {one.uid for one in found if one.uid is not None})
    stretches = kept((one.stretch for one in found if one.uid not in ours), window_at(now))
    session.execute(delete(ExternalBusy).where(ExternalBusy.calendar_id == calendar_id))
    session.add_all(
        ExternalBusy(
            calendar_id=calendar_id,
            practitioner_id=row.practitioner_id,
            starts_at=one.start,
            ends_at=one.end,
        )
        for one in stretches
    )
    row.read_at, row.failure, row.failures = now, None, 0
    row.due_at = read_next(0, now)


def fail(session: Session, *, clock: Clock, calendar_id: UUID, failure: Failure) -> None:
    """Note that a calendar could not be read; the busy times of the last good reading stay."""
    row = session.get(ExternalCalendar, calendar_id, with_for_update={"key_share": True})
    if row is not None:
        row.failure, row.failures = failure.value, row.failures + 1
        row.due_at = read_next(row.failures, clock.now())


def _own(session: Session, practitioner: PractitionerId, calendar_id: UUID) -> ExternalCalendar:
    """Return the row, locked: the worker may be writing down what it has just read."""
    row = session.get(ExternalCalendar, calendar_id, with_for_update=True)
    if row is None or row.practitioner_id != practitioner:
        raise NotFound
    return row


def _record(session: Session, actor: Actor, clock: Clock, action: str, calendar_id: UUID) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        object_type="external_calendar",
        object_id=calendar_id,
    )
