"""Show sessions to those whom they concern; members' names to staff alone, and each look is on record."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.scheduling.models import Appointment, GroupSeat, GroupSession, Service
from clinic.scheduling.policies import is_treating
from clinic.scheduling.queries import groups
from clinic.scheduling.queries.groups import Group, GroupPeriod
from clinic.scheduling.queries.seats import seats_of
from clinic.scheduling.rules.calendar_file import Times, published
from clinic.scheduling.services.calendar_files import Writer, entry_of
from clinic.scheduling.services.groups.sessions import concerned, record
from clinic.scheduling.services.reading import Reader, sessions_shown


def listed(session: Session, reader: Reader, period: GroupPeriod) -> list[Group]:
    """Return the sessions of a period that concern the reader, without members."""
    return sessions_shown(session, reader, groups.concerning(session, reader.actor, period))


def one(session: Session, reader: Reader, group_id: UUID) -> Group:
    """Return a session, with its members for staff; raises NotFound for whom it does not concern."""
    actor = reader.actor
    row = concerned(session, actor, Permission.GROUP_READ, group_id)
    staff = is_treating(actor, {"practitioner_id": row.practitioner_id})
    if not staff and not _may_look(session, actor, row):
        raise NotFound
    seats = session.get_one(GroupSession, group_id)
    (found,) = sessions_shown(session, reader, [(row, seats)])
    if not staff:
        return found
    record(session, actor, reader.clock, "group.read", group_id)
    return replace(found, members=groups.members(session, appointment_id=group_id, vault=reader.vault))


def file_of(session: Session, reader: Reader, writer: Writer, group_id: UUID, *, times: Times) -> bytes:
    """Return the calendar file of a session for who sits in it or holds it; raises NotFound for others."""
    actor, row = reader.actor, concerned(session, reader.actor, Permission.GROUP_READ, group_id)
    if row.practitioner_id == actor.practitioner_id:
        record(session, actor, reader.clock, "group.read", group_id)
        return published([entry_of(row, reader.language)], writer.sender, times=times)
    own = seats_of(session, actor.patient_id) if actor.patient_id is not None else []
    mine = next((one for one in own if one.session.id == row.id), None)
    if mine is None:
        raise NotFound
    entry = replace(entry_of(row, reader.language), version=mine.version)
    return published([entry], writer.sender, times=times)


def _may_look(session: Session, actor: Actor, row: Appointment) -> bool:
    key = {"appointment_id": row.id, "patient_id": actor.patient_id}
    if actor.patient_id is not None and session.get(GroupSeat, key) is not None:
        return True
    joinable = select(Service.joinable).where(Service.id == row.service_id)
    return bool(session.scalar(joinable)) and actor.patient_id is not None
