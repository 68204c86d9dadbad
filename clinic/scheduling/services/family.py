"""A minor's visits as a guardian may know of them: page, feed, counts and letters ask here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.audit.models import AuditEntry
from clinic.clock import Clock
from clinic.consent.services.telling import told_of
from clinic.errors import NotFound, Refused
from clinic.identity.services.guardianships import Guardian, wards_of
from clinic.identity.services.names import patient_names
from clinic.ids import AccountId, PatientId
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.seats import Sitting, seats_of
from clinic.scheduling.rules.booking import AHEAD, Status
from clinic.scheduling.services.reading import Reader, shown
from clinic.vault.fields import Fields


class Asked(TypedDict):
    """Who asks about whom, and when."""

    fields: Fields
    at: datetime
    guardian: AccountId
    patient_id: PatientId


_VISITS = frozenset(Status) - {Status.HELD, Status.EXPIRED}


@dataclass(frozen=True, slots=True)
class Ward:
    """A minor as their guardian sees them: until when they stand in, and how many visits lie ahead."""

    patient: PatientId
    name: str
    until: datetime
    coming: int


def visits_told(
    session: Session,
    *,
    fields: Fields,
    at: datetime,
    guardian: AccountId,
    patient_id: PatientId,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 500,
) -> list[Appointment]:
    """Return the visits of a minor that `guardian` may be told of at `at`, by time.

    Those that start from `start` up to `end`. Whatever shows visits to guardians asks this: a feed, too.
    """
    chosen = select(Appointment, Service.kind).join(Service, Service.id == Appointment.service_id)
    chosen = chosen.where(Appointment.patient_id == patient_id, Appointment.status.in_(_VISITS))
    if start is not None:
        chosen = chosen.where(Appointment.starts_at >= start)
    if end is not None:
        chosen = chosen.where(Appointment.starts_at < end)
    rows = session.execute(chosen.order_by(Appointment.starts_at, Appointment.id).limit(limit)).all()
    topics: dict[UUID, str] = {row.id: kind for row, kind in rows}
    told = told_of(session, fields=fields, at=at, guardian=guardian, patient_id=patient_id, topics=topics)
    return [row for row, _ in rows if row.id in told]


def visits_of_wards(
    session: Session, *, fields: Fields, at: datetime, guardian: AccountId, start: datetime, end: datetime
) -> list[Appointment]:
    """Return the visits of everybody whom `guardian` stands in for, as far as they may be told of them."""
    return [
        visit
        for patient in _live_wards(session, fields, at, guardian)
        for visit in visits_told(
            session, fields=fields, at=at, guardian=guardian, patient_id=patient, start=start, end=end
        )
    ]


def seats_told(
    session: Session,
    *,
    fields: Fields,
    at: datetime,
    guardian: AccountId,
    patient_id: PatientId,
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[Sitting]:
    """Return the sessions of groups with a seat of a minor that `guardian` may be told of, by time."""
    sat = seats_of(session, patient_id, start=start, end=end)
    topics: dict[UUID, str] = {
        one.session.id: session.get_one(Service, one.session.service_id).kind for one in sat
    }
    told = told_of(session, fields=fields, at=at, guardian=guardian, patient_id=patient_id, topics=topics)
    return [one for one in sat if one.session.id in told]


def seats_of_wards(
    session: Session, *, fields: Fields, at: datetime, guardian: AccountId, start: datetime, end: datetime
) -> list[Sitting]:
    """Return the seats of everybody whom `guardian` stands in for, as far as they may be told of them."""
    return [
        one
        for patient in _live_wards(session, fields, at, guardian)
        for one in seats_told(
            session, fields=fields, at=at, guardian=guardian, patient_id=patient, start=start, end=end
        )
    ]


def is_told(
    session: Session,
    *,
    fields: Fields,
    at: datetime,
    guardian: AccountId,
    visit: Appointment,
    seat_of: PatientId | None = None,
) -> bool:
    """Tell whether `guardian` may be told of one visit at `at`, or of the seat of a minor in a session."""
    whose = visit.patient_id or seat_of
    if whose is None:
        return False
    topics: dict[UUID, str] = {visit.id: session.get_one(Service, visit.service_id).kind}
    patient = PatientId(whose)
    return bool(told_of(session, fields=fields, at=at, guardian=guardian, patient_id=patient, topics=topics))


def wards(session: Session, reader: Reader) -> Sequence[Ward]:
    """Return those whom the reader stands in for now, by name, with how many of their visits lie ahead."""
    now = reader.clock.now()
    live = {one.patient_id: one for one in _held(session, reader) if _is_live(one, now)}
    called = patient_names(session, vault=reader.vault, patient_ids=live)
    found = [
        Ward(patient, called[patient], one.ends_at, _coming(session, reader, patient))
        for patient, one in live.items()
    ]
    return sorted(found, key=lambda one: (one.name, one.patient))


def visits(
    session: Session, reader: Reader, patient_id: PatientId, start: datetime | None, end: datetime | None
) -> list[Visit]:
    """Return a minor's visits as the reader may know of them; raises Refused for those who are no ward.

    A guardian looks on: moving and calling off are the desk's, since the minor may have a say in it.
    """
    if patient_id not in {one.patient_id for one in _held(session, reader)}:
        raise Refused(NotFound(), _entry(session, reader.actor, reader.clock, patient_id, "refused"))
    session.add(_entry(session, reader.actor, reader.clock, patient_id, "allowed"))
    rows = _all_told(session, reader, patient_id, start, end)
    seen = shown(session, reader, rows, seats_of=patient_id)
    return [replace(one, may_cancel=False, may_join=False) for one in seen]


def _all_told(
    session: Session,
    reader: Reader,
    patient_id: PatientId,
    start: datetime | None,
    end: datetime | None = None,
) -> list[Appointment]:
    """Return the visits and the sessions of groups that the reader may be told of, by time."""
    fields, now, guardian = reader.fields, reader.clock.now(), reader.actor.account_id
    asked: Asked = {"fields": fields, "at": now, "guardian": guardian, "patient_id": patient_id}
    own = visits_told(session, **asked, start=start, end=end)
    sat = [one.session for one in seats_told(session, **asked, start=start, end=end)]
    return sorted([*own, *sat], key=lambda one: (one.starts_at, one.id))


def _held(session: Session, reader: Reader) -> Sequence[Guardian]:
    return wards_of(session, fields=reader.fields, account_id=reader.actor.account_id)


def _live_wards(session: Session, fields: Fields, at: datetime, guardian: AccountId) -> list[PatientId]:
    """Return whom `guardian` stands in for at `at`."""
    held = wards_of(session, fields=fields, account_id=guardian)
    return sorted({one.patient_id for one in held if _is_live(one, at)})


def _is_live(one: Guardian, now: datetime) -> bool:
    return one.ended_at is None and one.starts_at <= now < one.ends_at


def _coming(session: Session, reader: Reader, patient_id: PatientId) -> int:
    rows = _all_told(session, reader, patient_id, reader.clock.now())
    return sum(row.status in AHEAD for row in rows)


def _entry(session: Session, actor: Actor, clock: Clock, patient_id: PatientId, outcome: str) -> AuditEntry:
    return audit.entry(
        session,
        actor=actor,
        clock=clock,
        action="appointment.list",
        outcome=outcome,
        patient_id=patient_id,
        object_type="calendar",
        object_id=None,
    )
