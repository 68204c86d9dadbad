"""Urgent requests as those see them who answer them: names and a number to call, on the clinic's clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from clinic.identity.services.names import account_names, patient_names
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.models import UrgentRequest, UrgentRequestEvent
from clinic.scheduling.queries import practitioners, services
from clinic.scheduling.rules.urgent_requests import (
    CLAIMED_LONG,
    DESK,
    SHOWN_FOR,
    Acts,
    Happening,
    Outcome,
    RequestState,
)
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """One step of a request's way; `practitioner_name` was asked or acted, `by` None is the clinic itself."""

    kind: Happening
    step: int
    practitioner_name: str | None
    by: str | None
    at: datetime
    local: str


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as the reader may see it; the number to call is gone once it is closed."""

    id: UUID
    service: UUID
    service_name: str
    patient: PatientId
    patient_name: str
    phone: str | None
    state: RequestState
    step: int
    raised_at: datetime
    raised_local: str
    raised_by: str | None
    due_at: datetime | None
    due_local: str | None
    claimed_by: str | None
    claimed_practitioner: PractitionerId | None
    mine: bool
    outcome: Outcome | None
    appointment: AppointmentId | None
    may: Acts
    events: list[SeenEvent]


@dataclass(frozen=True, slots=True)
class Named:
    """The names of everybody and everything in some requests."""

    services: Mapping[UUID, str]
    practitioners: Mapping[UUID, str]
    patients: Mapping[PatientId, str]
    accounts: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """How many requests nobody has claimed yet, how many of them the desk has, and since when the oldest."""

    waiting: int
    with_desk: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How many requests were claimed long ago and have no end, and since when the oldest."""

    waiting: int
    oldest_seconds: float


def unclaimed(session: Session, *, now: datetime) -> Unclaimed:
    """Return what waits for somebody to claim it."""
    rows = session.execute(
        select(UrgentRequest.step, UrgentRequest.raised_at).where(UrgentRequest.state == RequestState.OPEN)
    ).all()
    oldest = min((row.raised_at for row in rows), default=now)
    at_desk = sum(row.step == DESK for row in rows)
    return Unclaimed(len(rows), at_desk, (now - oldest).total_seconds())


def unfinished(session: Session, *, now: datetime) -> Unfinished:
    """Return what somebody has claimed longer ago than `CLAIMED_LONG` and nobody has closed."""
    row = UrgentRequest
    count, since = session.execute(
        select(func.count(), func.min(row.claimed_at)).where(
            row.state == RequestState.CLAIMED, row.claimed_at <= now - CLAIMED_LONG
        )
    ).one()
    return Unfinished(count, 0.0 if since is None else (now - since).total_seconds())


def standing(session: Session, *, now: datetime) -> Sequence[UrgentRequest]:
    """Return the requests that stand and those closed within a day: open ones first, the oldest first."""
    rows = session.scalars(
        select(UrgentRequest)
        .where(or_(UrgentRequest.state != RequestState.CLOSED, UrgentRequest.closed_at > now - SHOWN_FOR))
        .options(selectinload(UrgentRequest.events))
    ).all()
    order = list(RequestState)
    return sorted(rows, key=lambda row: (order.index(row.state), row.raised_at, str(row.id)))


def names(session: Session, rows: Sequence[UrgentRequest], *, vault: Vault, language: str) -> Named:
    """Return the names that showing `rows` takes."""
    events = [event for row in rows for event in row.events]
    return Named(
        services=services.names(session, fields=vault.fields, language=language),
        practitioners=practitioners.names(
            session, {event.practitioner_id for event in events if event.practitioner_id}
        ),
        patients=patient_names(session, vault=vault, patient_ids={row.patient_id for row in rows}),
        accounts=account_names(session, vault=vault, account_ids={event.account_id for event in events}),
    )


def seen(
    row: UrgentRequest, named: Named, *, may: Acts, phone: str | None, mine: bool, tz: str
) -> SeenRequest:
    """Return one request on the clocks of `tz`."""
    return SeenRequest(
        id=row.id,
        service=row.service_id,
        service_name=named.services[row.service_id],
        patient=row.patient_id,
        patient_name=named.patients[row.patient_id],
        phone=phone,
        state=row.state,
        step=row.step,
        raised_at=row.raised_at,
        raised_local=_local(row.raised_at, tz),
        raised_by=named.accounts.get(row.raised_by),
        due_at=row.due_at,
        due_local=None if row.due_at is None else _local(row.due_at, tz),
        claimed_by=named.accounts.get(row.claimed_by) if row.claimed_by else None,
        claimed_practitioner=row.claimed_practitioner_id,
        mine=mine,
        outcome=row.outcome,
        appointment=row.appointment_id,
        may=may,
        events=[_event(one, named, tz) for one in row.events],
    )


def _event(one: UrgentRequestEvent, named: Named, tz: str) -> SeenEvent:
    return SeenEvent(
        kind=one.kind,
        step=one.step,
        practitioner_name=named.practitioners[one.practitioner_id] if one.practitioner_id else None,
        by=named.accounts.get(one.account_id),
        at=one.at,
        local=_local(one.at, tz),
    )


def _local(instant: datetime, tz: str) -> str:
    return wall_text(to_wall(instant, tz))
