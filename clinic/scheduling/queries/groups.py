"""Groups' sessions as people may see them: how full, one's own seat; members' names for staff alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.identity.services.names import patient_names
from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId, ServiceId, SiteId
from clinic.scheduling.models import Appointment, GroupSeat, GroupSession, Service
from clinic.scheduling.policies import is_desk
from clinic.scheduling.queries import practitioners, services
from clinic.scheduling.queries.locations import site_names
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.groups import SeatStatus, may_join, may_note_attendance
from clinic.scheduling.rules.zones import offset_of, to_wall
from clinic.vault import Vault

_MINE = frozenset({SeatStatus.BOOKED, SeatStatus.WAITING, SeatStatus.ATTENDED, SeatStatus.MISSED})


@dataclass(frozen=True, slots=True)
class GroupPeriod:
    """Which sessions are listed: from `start` up to `end`; `mine`: with a seat of one's own."""

    start: datetime | None = None
    end: datetime | None = None
    practitioner: PractitionerId | None = None
    series: SeriesId | None = None
    mine: bool = False
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Member:
    """Who has or had a seat; for staff."""

    patient: PatientId
    patient_name: str
    status: SeatStatus
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do now: take or give a seat, give theirs up, say who came, change the session."""

    join: bool
    leave: bool
    note: bool
    change: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One session as the reader may see it; `seat` is the reader's own, `members` None but for staff."""

    id: AppointmentId
    status: Status
    service: ServiceId
    service_name: str
    practitioner: PractitionerId
    practitioner_name: str
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    modality: Modality
    site: SiteId | None
    site_name: str | None
    version: int
    series_id: SeriesId | None
    capacity: int
    taken: int
    waiting: int
    seat: SeatStatus | None
    may: May
    members: Sequence[Member] | None = None


Row = tuple[Appointment, GroupSession]


def concerning(session: Session, actor: Actor, period: GroupPeriod) -> Sequence[Row]:
    """Return the sessions that concern the actor, by time: the desk's all, one's own, those one may join."""
    columns = (Appointment.starts_at, Appointment.id)
    conditions = [*_in(period)]
    if period.mine or not is_desk(actor, {}):
        conditions.append(_of(actor, mine=period.mine))
    if period.after is not None:
        conditions.append(tuple_(*columns) > tuple_(*period.after))
    rows = session.execute(
        select(Appointment, GroupSession)
        .join(GroupSession, GroupSession.appointment_id == Appointment.id)
        .where(*conditions)
        .order_by(*columns)
        .limit(period.limit)
    )
    return [(row[0], row[1]) for row in rows]


def seen(
    session: Session, rows: Sequence[Row], *, actor: Actor, now: datetime, vault: Vault, language: str
) -> list[Group]:
    """Return `rows` with the names of services and practitioners, and the actor's own seats."""
    ids = [visit.id for visit, _ in rows]
    offered = services.names(session, fields=vault.fields, language=language)
    who = practitioners.names(session, {visit.practitioner_id for visit, _ in rows})
    where = site_names(session, {visit.site_id for visit, _ in rows if visit.site_id}, language)
    rules = {row.id: row for row in session.scalars(select(Service))}
    waiting, own = _waiting(session, ids), _own_seats(session, actor, ids)
    return [
        Group(
            id=visit.id,
            status=visit.status,
            service=visit.service_id,
            service_name=offered[visit.service_id],
            practitioner=visit.practitioner_id,
            practitioner_name=who[visit.practitioner_id],
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            local=visit.wall_start,
            tz=visit.tz,
            offset=offset_of(to_wall(visit.starts_at, visit.tz)),
            modality=visit.modality,
            site=visit.site_id,
            site_name=where.get(visit.site_id) if visit.site_id else None,
            version=visit.version,
            series_id=visit.series_id,
            capacity=group.capacity,
            taken=group.taken,
            waiting=waiting.get(visit.id, 0),
            seat=own.get(visit.id),
            may=_may(actor, visit, rules[visit.service_id], own.get(visit.id), now),
        )
        for visit, group in rows
    ]


def members(session: Session, *, appointment_id: UUID, vault: Vault) -> list[Member]:
    """Return everybody who has or had a seat in a session, by name; those who wait in their order, last."""
    seats = session.scalars(select(GroupSeat).where(GroupSeat.appointment_id == appointment_id)).all()
    names = patient_names(session, vault=vault, patient_ids=[seat.patient_id for seat in seats])
    found = [
        Member(seat.patient_id, names[PatientId(seat.patient_id)], seat.status, seat.asked_at)
        for seat in seats
    ]
    return sorted(found, key=_place)


def _place(member: Member) -> tuple[bool, bool, str, UUID]:
    waits = member.status is SeatStatus.WAITING
    first = member.asked_at.isoformat() if waits else member.patient_name
    return member.status is SeatStatus.CANCELLED, waits, first, member.patient


def _may(actor: Actor, visit: Appointment, service: Service, seat: SeatStatus | None, now: datetime) -> May:
    open_now = may_join(visit.status, visit.starts_at, now)
    seated = seat in {SeatStatus.BOOKED, SeatStatus.WAITING}
    staff = is_desk(actor, {}) or actor.practitioner_id == visit.practitioner_id
    in_time = service.policy.may_cancel(visit.status, visit.starts_at, now)
    return May(
        join=open_now and not seated and (staff or (actor.patient_id is not None and service.joinable)),
        leave=open_now and seated and (in_time or seat is SeatStatus.WAITING),
        note=staff and may_note_attendance(visit.status, visit.starts_at, now),
        change=staff and open_now,
    )


def _in(period: GroupPeriod) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if period.start is not None:
        found.append(Appointment.starts_at >= period.start)
    if period.end is not None:
        found.append(Appointment.starts_at < period.end)
    if period.practitioner is not None:
        found.append(Appointment.practitioner_id == period.practitioner)
    if period.series is not None:
        found.append(Appointment.series_id == period.series)
    return found


def _of(actor: Actor, *, mine: bool) -> ColumnElement[bool]:
    seated = Appointment.id.in_(
        select(GroupSeat.appointment_id).where(
            GroupSeat.patient_id == actor.patient_id, GroupSeat.status.in_(_MINE)
        )
    )
    own = seated if actor.practitioner_id is None else or_(seated, _held_by(actor))
    if mine or actor.patient_id is None:
        return own
    joinable = Appointment.service_id.in_(select(Service.id).where(Service.joinable))
    return or_(own, and_(joinable, Appointment.status == Status.BOOKED))


def _held_by(actor: Actor) -> ColumnElement[bool]:
    return Appointment.practitioner_id == actor.practitioner_id


def _waiting(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    counted = (
        select(GroupSeat.appointment_id, func.count())
        .where(GroupSeat.appointment_id.in_(ids), GroupSeat.status == SeatStatus.WAITING)
        .group_by(GroupSeat.appointment_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _own_seats(session: Session, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SeatStatus]:
    if actor.patient_id is None:
        return {}
    chosen = select(GroupSeat.appointment_id, GroupSeat.status).where(
        GroupSeat.appointment_id.in_(ids), GroupSeat.patient_id == actor.patient_id
    )
    return {row[0]: row[1] for row in session.execute(chosen)}
