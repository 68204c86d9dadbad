"""Visits as people see them: their own, or those of the day for the clinic's staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, tuple_
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.identity.services.names import patient_names
from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId, ServiceId, SiteId
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.policies import is_desk, is_treating
from clinic.scheduling.queries import locations, practitioners, services
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status, may_join, room_opens_at
from clinic.scheduling.rules.participants import Named
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text
from clinic.vault import Vault

_VISITS = frozenset(Status) - {Status.HELD, Status.EXPIRED}


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment as the reader may see it; `reason` is opened one visit at a time, not in lists."""

    id: AppointmentId
    status: Status
    service: ServiceId
    service_name: str
    practitioner: PractitionerId
    practitioner_name: str
    patient: PatientId
    patient_name: str
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    modality: Modality
    version: int
    room_opens_at: datetime | None
    change_until: datetime
    change_until_local: str
    may_cancel: bool
    may_join: bool
    checked_in_at: datetime | None
    site: SiteId | None
    site_name: str | None
    location: UUID | None
    location_name: str | None
    overbook_of: AppointmentId | None
    overbooked: bool
    series_id: SeriesId | None = None
    reason: str | None = None
    override_reason: str | None = None
    participants: Sequence[Named] = ()


@dataclass(frozen=True, slots=True)
class _Names:
    services: Mapping[UUID, str]
    practitioners: Mapping[UUID, str]
    patients: Mapping[PatientId, str]
    sites: Mapping[UUID, str]
    locations: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Period:
    """Which visits are listed: those that start from `start` up to `end`, of one person or all."""

    start: datetime | None = None
    end: datetime | None = None
    practitioner: PractitionerId | None = None
    patient: PatientId | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


def own(session: Session, actor: Actor, period: Period) -> Sequence[Appointment]:
    """Return visits that concern the actor, by time; the desk sees all."""
    columns = (Appointment.starts_at, Appointment.id)
    conditions = [Appointment.status.in_(_VISITS), ~Appointment.is_group, *_in(period)]
    if not is_desk(actor, {}):
        conditions.append(_concerning(actor))
    if period.after is not None:
        conditions.append(tuple_(*columns) > tuple_(*period.after))
    return session.scalars(
        select(Appointment).where(*conditions).order_by(*columns).limit(period.limit)
    ).all()


def seen(
    session: Session,
    rows: Sequence[Appointment],
    *,
    actor: Actor,
    clock: Clock,
    vault: Vault,
    language: str,
    seats_of: PatientId | None = None,
) -> list[Visit]:
    """Return `rows` with names, as `actor` may see them now; `seats_of`: who sits in those of groups."""
    people = ((row.id, row.patient_id or seats_of) for row in rows)
    whose = {visit: PatientId(patient) for visit, patient in people if patient is not None}
    names = _Names(
        services=services.names(session, fields=vault.fields, language=language),
        practitioners=practitioners.names(session, {row.practitioner_id for row in rows}),
        patients=patient_names(session, vault=vault, patient_ids=set(whose.values())),
        sites=locations.site_names(session, {row.site_id for row in rows if row.site_id}, language),
        locations=locations.names(session, {row.room_id for row in rows if row.room_id}),
    )
    rules = {row.id: row for row in session.scalars(select(Service))}
    now = clock.now()
    return [_visit(row, whose[row.id], rules[row.service_id], names, actor=actor, now=now) for row in rows]


def _in(period: Period) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if period.start is not None:
        found.append(Appointment.starts_at >= period.start)
    if period.end is not None:
        found.append(Appointment.starts_at < period.end)
    if period.practitioner is not None:
        found.append(Appointment.practitioner_id == period.practitioner)
    if period.patient is not None:
        found.append(Appointment.patient_id == period.patient)
    return found


def _concerning(actor: Actor) -> ColumnElement[bool]:
    mine: list[ColumnElement[bool]] = [false()]
    if actor.patient_id is not None:
        mine.append(Appointment.patient_id == actor.patient_id)
    if actor.practitioner_id is not None:
        mine.append(Appointment.practitioner_id == actor.practitioner_id)
    return or_(*mine)


def _visit(
    row: Appointment, patient: PatientId, service: Service, names: _Names, *, actor: Actor, now: datetime
) -> Visit:
    by_staff = is_treating(actor, {"practitioner_id": row.practitioner_id})
    until = service.policy.change_until(row.starts_at)
    own = patient == actor.patient_id
    takes_part = own or row.practitioner_id == actor.practitioner_id
    return Visit(
        id=row.id,
        status=row.status,
        service=row.service_id,
        service_name=names.services[row.service_id],
        practitioner=row.practitioner_id,
        practitioner_name=names.practitioners[row.practitioner_id],
        patient=patient,
        patient_name=names.patients[patient],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        local=row.wall_start,
        tz=row.tz,
        offset=offset_of(to_wall(row.starts_at, row.tz)),
        modality=row.modality,
        version=row.version,
        room_opens_at=room_opens_at(row.starts_at) if row.modality is Modality.VIDEO else None,
        change_until=until,
        change_until_local=wall_text(to_wall(until, row.tz)),
        may_cancel=service.policy.may_cancel(row.status, row.starts_at, now, by_staff=by_staff and not own),
        may_join=takes_part and may_join(row.status, row.modality, row.visit, now),
        checked_in_at=row.checked_in_at,
        series_id=row.series_id,
        site=row.site_id,
        site_name=names.sites.get(row.site_id) if row.site_id else None,
        location=row.room_id,
        location_name=names.locations.get(row.room_id) if row.room_id else None,
        overbook_of=row.overbook_of if by_staff else None,
        overbooked=by_staff and row.overbook_of is not None,
    )
