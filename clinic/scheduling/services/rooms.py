"""Rooms for in-person visits: the lowest free one by itself, another one by the desk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid
from clinic.ids import AppointmentId
from clinic.scheduling.models import Appointment, Location
from clinic.scheduling.models.guard import EX_ROOM
from clinic.scheduling.queries.locations import rooms_at, sites_of
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.services import guarded
from clinic.scheduling.services.finding import concerned, refuse_stale


def take_room(
    session: Session,
    *,
    site: UUID | None,
    busy: Interval,
    now: datetime,
    forced: bool = False,
    besides: UUID | None = None,
) -> UUID | None:
    """Return a room of `site` for a visit, kept until the transaction ends; raises Overlap when none is free.

    None for visits that need none (no site), for sites without rooms, and where a forced one finds none free.
    """
    if site is None:
        return None
    guarded.lock_rooms(session, site)
    rooms = rooms_at(session, site, busy, now, ignoring=[besides])
    room = next(iter(rooms.free(busy)), None)
    if room is None:
        if rooms.rooms and not forced:
            raise guarded.Overlap(EX_ROOM)
        return None
    guarded.give_up_lapsed(session, room=room.id, busy=busy, now=now)
    return room.id


def lock(session: Session, practitioners: Collection[UUID], modality: Modality) -> None:
    """Let one act at a time choose among the rooms that visits of this kind need, if they need any."""
    if modality is Modality.IN_PERSON:
        for site in sites_of(session, practitioners):
            guarded.lock_rooms(session, site)


@dataclass(frozen=True, slots=True)
class Choice:
    """A room of the site and whether the visit could have it."""

    id: UUID
    name: str
    free: bool


def choices(session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId) -> list[Choice]:
    """Return the rooms that an in-person visit may be put in, in order; none for other visits."""
    row = concerned(session, actor, Permission.APPOINTMENT_PLACE, appointment_id)
    site = row.site_id
    if row.modality is not Modality.IN_PERSON or site is None:
        return []
    busy = Interval(row.busy_from, row.busy_to)
    rooms = rooms_at(session, site, busy, clock.now(), ignoring=[row.id])
    free = {room.id for room in rooms.free(busy)}
    return [Choice(room.id, room.name, room.id in free) for room in rooms.rooms]


def assign(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    appointment_id: AppointmentId,
    room: UUID | None,
    version: int | None = None,
) -> Appointment:
    """Put a visit in another room, or in none; raises Conflict("room_taken" or "not_open") and Invalid."""
    row = concerned(session, actor, Permission.APPOINTMENT_PLACE, appointment_id)
    refuse_stale(row, version)
    if row.status not in AHEAD:
        raise Conflict("not_open")
    site = row.site_id
    if room is not None:
        _check(session, row, room, site)
    if site is not None:
        guarded.lock_schedules(session, [row.practitioner_id])
        guarded.lock_rooms(session, site)
    if room is not None:
        busy = Interval(row.busy_from, row.busy_to)
        guarded.give_up_lapsed(session, room=room, busy=busy, now=clock.now())
    try:
        guarded.change(session, row, room_id=room)
    except guarded.Overlap:
        raise Conflict("room_taken") from None
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="appointment.place",
        patient_id=row.patient_id,
        object_type="appointment",
        object_id=row.id,
    )
    return row


def _check(session: Session, row: Appointment, room: UUID, site: UUID | None) -> None:
    found = session.get(Location, room)
    if row.modality is not Modality.IN_PERSON or found is None or not found.active or found.site_id != site:
        raise Invalid("invalid", errors={"location": ["There is no such room for this visit."]})
