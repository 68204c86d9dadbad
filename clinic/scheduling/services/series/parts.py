"""Which visits of a series a change is for; the series' row is locked before any of them is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid, NotFound, PreconditionFailed
from clinic.ids import AppointmentId, PatientId, SeriesId
from clinic.scheduling.models import Appointment, Series
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.rules.booking import Status


class Scope(StrEnum):
    """Which visits a change is for: the one named, it and the later ones, or all still to come."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Part:
    """The visits of a series that a change is for; `named` may be left out for all."""

    scope: Scope
    named: AppointmentId | None


def concerned(session: Session, actor: Actor, series_id: SeriesId) -> Series:
    """Return the series; raises NotFound where it is none of the actor's concern, or a group's."""
    series = session.get(Series, series_id)
    if series is None or series.patient_id is None:
        raise NotFound
    facts = {"patient_id": series.patient_id, "practitioner_id": series.practitioner_id}
    if not POLICIES[Permission.SERIES_CHANGE](actor, facts):
        raise NotFound
    return series


def opened(session: Session, actor: Actor, series_id: SeriesId, version: int | None) -> Series:
    """Lock and return the series; raises PreconditionFailed("series_changed") for another `version`."""
    session.execute(select(Series.id).where(Series.id == series_id).with_for_update(key_share=True))
    series = concerned(session, actor, series_id)
    session.refresh(series)
    if version is not None and version != series.version:
        raise PreconditionFailed("series_changed")
    return series


def coming_part(session: Session, series: Series, part: Part, now: datetime) -> Sequence[Appointment]:
    """Return the visits of the part that are still to come, by time."""
    chosen = select(Appointment).where(
        Appointment.series_id == series.id,
        Appointment.status == Status.BOOKED,
        Appointment.starts_at > now,
    )
    coming = session.scalars(chosen.order_by(Appointment.starts_at, Appointment.id)).all()
    if part.named is None:
        if part.scope is not Scope.ALL:
            raise Invalid("invalid", errors={"from": ["Say which visit of the series."]})
        found = coming
    else:
        found = _from(coming, part)
    if not found:
        raise Conflict("not_open")
    return found


def _from(coming: Sequence[Appointment], part: Part) -> Sequence[Appointment]:
    named = next((visit for visit in coming if visit.id == part.named), None)
    if named is None:
        raise Invalid("invalid", errors={"from": ["The series has no such visit to come."]})
    if part.scope is Scope.THIS:
        return [named]
    if part.scope is Scope.ALL:
        return coming
    return [visit for visit in coming if visit.starts_at >= named.starts_at]


def settle(session: Session, actor: Actor, clock: Clock, series: Series, action: str) -> None:
    """Count a change of the series and put it on record."""
    series.version += 1
    session.flush()
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=series.patient_id,
        object_type="series",
        object_id=series.id,
    )


def patient_of(series: Series) -> PatientId:
    """Return whose series it is."""
    assert series.patient_id is not None  # groups' series are changed session by session
    return PatientId(series.patient_id)
