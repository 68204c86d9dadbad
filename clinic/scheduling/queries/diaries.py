"""What stands in the way of a series: hours, leave, other visits, the patient's own day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PatientId, PractitionerId
from clinic.scheduling.models import Appointment, ExternalBusy, Service
from clinic.scheduling.queries.locations import rooms_of
from clinic.scheduling.queries.openings import Opened, calendar_of
from clinic.scheduling.queries.reserved import reserved_times
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.queries.seats import sat_in
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.rooms import NO_ROOMS, Rooms
from clinic.scheduling.rules.series import Diaries, Workplace


def diaries_of(
    session: Session,
    *,
    practitioner: PractitionerId,
    patient: PatientId | None,
    service: Service,
    modality: Modality,
    span: Interval,
    now: datetime,
    ignoring: Collection[UUID] = (),
) -> Diaries:
    """Return what the two are busy with in `span`, the visits `ignoring` aside (they are being moved).

    The practitioner's calendars elsewhere count like visits.
    """
    ways = frozenset({modality} & service.terms.modalities)
    calendar = calendar_of(session, practitioner, span, ways)
    ids = [opened.place.site for opened in calendar.opened] if modality is Modality.IN_PERSON else []
    rooms = rooms_of(session, ids, span, now, ignoring=ignoring)
    return Diaries(
        practitioner=practitioner,
        sites=[_site(opened, rooms) for opened in calendar.opened],
        leave=calendar.away,
        busy=_busy(session, practitioner, span, now, ignoring),
        own=[] if patient is None else _own(session, patient, span, now, ignoring),
        reserved=reserved_times(session, service, practitioner, span, now=now),
    )


def _site(opened: Opened, rooms: Mapping[UUID, Rooms]) -> Workplace:
    site = opened.place.site
    return Workplace(site, opened.place.tz, opened.openings, opened.holidays, rooms.get(site, NO_ROOMS))


def _busy(
    session: Session, practitioner: UUID, span: Interval, now: datetime, ignoring: Collection[UUID]
) -> list[Interval]:
    visits = select(Appointment.busy_from, Appointment.busy_to).where(
        Appointment.practitioner_id == practitioner,
        Appointment.busy_from < span.end,
        Appointment.busy_to > span.start,
        Appointment.id.not_in(ignoring),
        is_live(now),
    )
    elsewhere = select(ExternalBusy.starts_at, ExternalBusy.ends_at).where(
        ExternalBusy.practitioner_id == practitioner,
        ExternalBusy.starts_at < span.end,
        ExternalBusy.ends_at > span.start,
    )
    rows = (row for chosen in (visits, elsewhere) for row in session.execute(chosen))
    return sorted(Interval(start, end) for start, end in rows)


def _own(
    session: Session, patient: UUID, span: Interval, now: datetime, ignoring: Collection[UUID]
) -> list[Interval]:
    visits = select(Appointment.starts_at, Appointment.ends_at).where(
        Appointment.patient_id == patient,
        Appointment.starts_at < span.end,
        Appointment.ends_at > span.start,
        Appointment.id.not_in(ignoring),
        is_live(now),
    )
    seats = (Interval(seat.starts_at, seat.ends_at) for seat in sat_in(session, patient, span))
    return sorted([*(Interval(start, end) for start, end in session.execute(visits)), *seats])
