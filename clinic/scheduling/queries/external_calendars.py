"""Practitioners' calendars elsewhere: what is known of each, which are due, when they are busy by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import Appointment, ExternalBusy, ExternalCalendar, Schedule, Site
from clinic.scheduling.queries.practitioners import Wish, people
from clinic.vault.fields import Fields

ADDRESS = "external_calendar.address"


class State(StrEnum):
    """Whether a calendar's busy times are those of now."""

    WAITING = "waiting"
    READ = "read"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class KnownCalendar:
    """A calendar as its owner sees it: of the address the host alone, since the rest opens it.

    `busy` counts the stretches that are kept; those of the last good reading stay while it fails.
    """

    id: UUID
    host: str
    state: State
    failure: str | None
    read_at: datetime | None
    due_at: datetime
    created_at: datetime
    busy: int


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """A calendar to read, and the zone in which its owner's floating times are meant."""

    id: UUID
    practitioner: PractitionerId
    address: str
    tz: str


def calendars_of(session: Session, *, fields: Fields, practitioner: PractitionerId) -> list[KnownCalendar]:
    """Return a practitioner's calendars, the oldest first."""
    rows = rows_of(session, practitioner=practitioner)
    counted = select(ExternalBusy.calendar_id, func.count()).where(
        ExternalBusy.calendar_id.in_([row.id for row in rows])
    )
    busy = {row[0]: row[1] for row in session.execute(counted.group_by(ExternalBusy.calendar_id))}
    return [_known(row, fields, busy.get(row.id, 0)) for row in rows]


def rows_of(session: Session, *, practitioner: PractitionerId) -> Sequence[ExternalCalendar]:
    """Return the rows of a practitioner's calendars, the oldest first."""
    return session.scalars(
        select(ExternalCalendar)
        .where(ExternalCalendar.practitioner_id == practitioner)
        .order_by(ExternalCalendar.created_at, ExternalCalendar.id)
    ).all()


def due(session: Session, *, now: datetime, limit: int) -> Sequence[ExternalCalendar]:
    """Return calendars that are to be read, the longest due first, of people who work here; locked."""
    at_work = select(people.c.id).where(*Wish().conditions())
    return session.scalars(
        select(ExternalCalendar)
        .where(ExternalCalendar.due_at <= now, ExternalCalendar.practitioner_id.in_(at_work))
        .order_by(ExternalCalendar.due_at, ExternalCalendar.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def zones_of(session: Session, practitioners: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the zones of the practitioners' sites."""
    chosen = select(Schedule.practitioner_id, Site.tz).join(Site, Site.id == Schedule.site_id)
    rows = session.execute(chosen.where(Schedule.practitioner_id.in_(practitioners)))
    return {row[0]: row[1] for row in rows}


def our_visits(session: Session, uids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of `uids` that are visits of this clinic."""
    return frozenset(session.scalars(select(Appointment.id).where(Appointment.id.in_(uids))))


def hosts(session: Session, *, fields: Fields) -> list[str]:
    """Return the hosts from which calendars are read."""
    rows = session.scalars(select(ExternalCalendar))
    return sorted({host_of(fields.open(row.id, ADDRESS, row.address_sealed)) for row in rows})


def host_of(address: str) -> str:
    """Return the host of an address."""
    return urlsplit(address).hostname or ""


def _known(row: ExternalCalendar, fields: Fields, busy: int) -> KnownCalendar:
    state = State.WAITING if row.read_at is None else State.READ
    return KnownCalendar(
        id=row.id,
        host=host_of(fields.open(row.id, ADDRESS, row.address_sealed)),
        state=State.FAILING if row.failure else state,
        failure=row.failure,
        read_at=row.read_at,
        due_at=row.due_at,
        created_at=row.created_at,
        busy=busy,
    )
