"""Kept times: for the person who keeps them, and without a name for the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.errors import NotFound
from clinic.ids import AppointmentId, PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries import practitioners
from clinic.scheduling.queries.locations import site_names
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text


@dataclass(frozen=True, slots=True)
class Held:
    """A slot, the id of its hold, and until when it is kept."""

    id: AppointmentId
    practitioner: PractitionerId
    practitioner_name: str
    service: ServiceId
    modality: Modality
    site: SiteId | None
    site_name: str | None
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A time that somebody is confirming just now; the calendar does not say who."""

    id: AppointmentId
    practitioner: PractitionerId
    practitioner_name: str
    starts_at: datetime
    ends_at: datetime
    local: str
    local_end: str
    tz: str
    expires_at: datetime


def held_in(
    session: Session, window: Interval, *, practitioner: PractitionerId | None, now: datetime
) -> list[HeldTime]:
    """Return the holds that live at `now` and start within `window`, of one practitioner or all, by time."""
    conditions = [
        Appointment.status == Status.HELD,
        Appointment.hold_expires_at > now,
        Appointment.starts_at >= window.start,
        Appointment.starts_at < window.end,
    ]
    if practitioner is not None:
        conditions.append(Appointment.practitioner_id == practitioner)
    rows = session.scalars(
        select(Appointment).where(*conditions).order_by(Appointment.starts_at, Appointment.id)
    ).all()
    names = practitioners.names(session, {row.practitioner_id for row in rows})
    return [
        _held_time(row, names[row.practitioner_id], row.hold_expires_at)
        for row in rows
        if row.hold_expires_at
    ]


def _held_time(row: Appointment, name: str, expires_at: datetime) -> HeldTime:
    return HeldTime(
        id=row.id,
        practitioner=row.practitioner_id,
        practitioner_name=name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        local=row.wall_start,
        local_end=wall_text(to_wall(row.ends_at, row.tz)),
        tz=row.tz,
        expires_at=expires_at,
    )


def kept(session: Session, *, actor: Actor, hold_id: AppointmentId, language: str) -> Held:
    """Return the actor's own hold, its place in `language`.

    Raises NotFound when it has become a visit or is somebody else's.
    """
    row = session.get(Appointment, hold_id)
    if row is None or row.created_by != actor.account_id or row.hold_expires_at is None:
        raise NotFound
    return Held(
        id=row.id,
        practitioner=row.practitioner_id,
        practitioner_name=practitioners.names(session, [row.practitioner_id])[row.practitioner_id],
        service=row.service_id,
        modality=row.modality,
        site=row.site_id,
        site_name=site_names(session, [row.site_id], language)[row.site_id] if row.site_id else None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        local=row.wall_start,
        tz=row.tz,
        offset=offset_of(to_wall(row.starts_at, row.tz)),
        expires_at=row.hold_expires_at,
    )
