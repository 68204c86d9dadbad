"""A series as its reader may see it: the rhythm, its visits, and the dates that were left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PatientId, PractitionerId, SeriesId, ServiceId
from clinic.scheduling.models import Appointment, Series, SeriesGap
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import Fate


@dataclass(frozen=True, slots=True)
class Gap:
    """A date that was left out, by the wall time it would have had."""

    local: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series: `local` is its first date on the clocks of `tz`, `count` or `until` its end."""

    id: SeriesId
    patient: PatientId
    practitioner: PractitionerId
    service: ServiceId
    modality: Modality
    rhythm: Rhythm
    local: str
    tz: str
    count: int | None
    until: date | None
    version: int
    visits: Sequence[Visit]
    skipped: Sequence[Gap]


def visits_of(session: Session, series_id: SeriesId) -> Sequence[Appointment]:
    """Return the visits of a series, those called off included, by time."""
    chosen = select(Appointment).where(Appointment.series_id == series_id)
    return session.scalars(chosen.order_by(Appointment.starts_at, Appointment.id)).all()


def view(session: Session, row: Series, visits: Sequence[Visit]) -> SeriesView:
    """Return `row` with its visits as the reader sees them."""
    assert row.patient_id is not None  # a group's series is shown session by session
    gaps = session.scalars(select(SeriesGap).where(SeriesGap.series_id == row.id).order_by(SeriesGap.local))
    return SeriesView(
        id=row.id,
        patient=PatientId(row.patient_id),
        practitioner=row.practitioner_id,
        service=row.service_id,
        modality=row.modality,
        rhythm=row.rhythm,
        local=row.wall_start,
        tz=row.tz,
        count=row.times,
        until=row.until,
        version=row.version,
        visits=visits,
        skipped=[Gap(gap.local, gap.fate) for gap in gaps],
    )
