"""The demo's series: the first patient's visits to come, every week at one hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from clinic.demo.parts import Making
from clinic.demo.people import People
from clinic.ids import SeriesId, new_id
from clinic.scheduling.models import Appointment, Series
from clinic.scheduling.rules.recurrence import Rhythm

_MOST = 12


def make_series(making: Making, people: People, visits: Sequence[Appointment]) -> None:
    """Let the first patient's next visits be one series, planned three weeks ago."""
    first, *_ = people.patients
    coming = [one for one in visits if one.patient_id == first.patient_id and one.starts_at > making.now]
    chosen = coming[:_MOST]
    row = Series(
        id=SeriesId(new_id()),
        patient_id=first.patient_id,
        practitioner_id=chosen[0].practitioner_id,
        service_id=chosen[0].service_id,
        modality=chosen[0].modality,
        rhythm=Rhythm.WEEKLY,
        wall_start=chosen[0].wall_start,
        tz=chosen[0].tz,
        times=len(chosen),
        until=None,
        version=1,
        created_by=people.reception.account_id,
        created_at=making.now - timedelta(weeks=3),
    )
    making.session.add(row)
    making.session.flush()
    for visit in chosen:
        visit.series_id = row.id
    making.session.flush()
