"""Show a series to those whom it concerns; what staff read leaves a trace in the patient's log."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.ids import SeriesId
from clinic.scheduling.models import Series
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries import series
from clinic.scheduling.queries.series import SeriesView
from clinic.scheduling.services.reading import Reader, shown


def read(session: Session, reader: Reader, series_id: SeriesId) -> SeriesView:
    """Return the series; raises NotFound where it is none of the reader's concern, or a group's."""
    row = session.get(Series, series_id)
    if row is None or row.patient_id is None:
        raise NotFound
    facts = {"patient_id": row.patient_id, "practitioner_id": row.practitioner_id}
    if not POLICIES[Permission.SERIES_READ](reader.actor, facts):
        raise NotFound
    if row.patient_id != reader.actor.patient_id:
        audit.record(
            session,
            actor=reader.actor,
            clock=reader.clock,
            action="series.read",
            patient_id=row.patient_id,
            object_type="series",
            object_id=row.id,
        )
    return series.view(session, row, shown(session, reader, series.visits_of(session, series_id)))
