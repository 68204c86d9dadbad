"""The demo's rooms: every visit in person has one of its own, and there are fewer than therapists."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from clinic.access.actor import SYSTEM
from clinic.demo.cast import Place
from clinic.demo.parts import At, Making
from clinic.ids import SiteId, new_id
from clinic.scheduling.models import Appointment, Location, Schedule
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import LIVE, Status
from clinic.scheduling.services.places import create_location


def make_rooms(making: Making, site: SiteId, place: Place, then: At) -> None:
    """Name the rooms of a site."""
    for name in place.rooms:
        create_location(making.session, actor=SYSTEM, clock=then, id=new_id(), site_id=site, name=name)


def give_rooms(making: Making) -> None:
    """Put all visits in person into rooms, groups first; what finds none is held by video."""
    site_of = {row.practitioner_id: row.site_id for row in making.session.scalars(select(Schedule))}
    rooms: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for room in making.session.scalars(select(Location).order_by(Location.name, Location.site_id)):
        rooms[room.site_id].append(room.id)
    taken_until: dict[UUID, datetime] = {}
    for visit in making.session.scalars(_in_person()).all():
        there = rooms[site_of[visit.practitioner_id]]
        free = (room for room in there if room not in taken_until or taken_until[room] <= visit.busy_from)
        visit.room_id = next(free, None)
        if visit.room_id is None:
            visit.modality = Modality.VIDEO
        else:
            taken_until[visit.room_id] = visit.busy_to
    making.session.flush()


def _in_person() -> Select[Appointment]:
    held = Appointment.status.in_({*LIVE, Status.FULFILLED})
    return (
        select(Appointment)
        .where(Appointment.modality == Modality.IN_PERSON, held)
        .order_by(Appointment.busy_from, Appointment.is_group.desc(), Appointment.id)
    )
