"""Call off one visit of a series, it and those that follow, or all that are still to come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.ids import SeriesId
from clinic.scheduling.events import AppointmentCancelled, SeriesCancelled
from clinic.scheduling.models import Appointment, Series
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import guarded
from clinic.scheduling.services.changes import CANCEL_REASON
from clinic.scheduling.services.series.parts import (
    Part,
    Scope,
    coming_part,
    concerned,
    opened,
    patient_of,
    settle,
)
from clinic.vault.fields import Fields


def cancel(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    series_id: SeriesId,
    part: Part,
    reason: str | None,
    version: int | None = None,
) -> Sequence[Appointment]:
    """Call the part off and return its visits; raises as moving it does."""
    series = opened(session, actor, series_id, version)
    visits = coming_part(session, series, part, clock.now())
    guarded.lock_schedules(session, {visit.practitioner_id for visit in visits})
    for visit in visits:
        sealed = fields.seal(patient_of(series), CANCEL_REASON, reason) if reason else None
        guarded.change(session, visit, status=Status.CANCELLED, cancel_reason_sealed=sealed)
    settle(session, actor, clock, series, "series.cancel")
    _tell_cancelled(session, series, part.scope, visits)
    return visits


def preview_cancel(
    session: Session, *, actor: Actor, clock: Clock, series_id: SeriesId, part: Part
) -> Sequence[Appointment]:
    """Return the visits that would be called off."""
    return coming_part(session, concerned(session, actor, series_id), part, clock.now())


def _tell_cancelled(session: Session, series: Series, scope: Scope, visits: Sequence[Appointment]) -> None:
    alone, patient = scope is Scope.THIS, patient_of(series)
    for visit in visits:
        within = None if alone else series.id
        publish(session, AppointmentCancelled(visit.id, patient, visit.practitioner_id, within=within))
    if not alone:
        publish(session, SeriesCancelled(series.id, visits[0].id, patient, visits[0].practitioner_id))
