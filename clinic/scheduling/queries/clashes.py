"""What stands in the way when a stretch is closed: the visits in it, and colleagues who are away as well."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import Appointment, Schedule
from clinic.scheduling.queries.differences import differences
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import span_of


def visits(session: Session, practitioners: Collection[UUID], stretch: Interval) -> Sequence[Appointment]:
    """Return the visits still ahead that share an instant with `stretch`, by time."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.practitioner_id.in_(practitioners),
            Appointment.status.in_(AHEAD),
            Appointment.patient_id.is_not(None),
            Appointment.starts_at < stretch.end,
            Appointment.ends_at > stretch.start,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def is_away(session: Session, practitioner: PractitionerId, stretch: Interval) -> bool:
    """Tell whether somebody is closed or on leave in a part of `stretch`."""
    start, end = span_of(stretch)
    found = differences(session, stretch, practitioner=practitioner).closed
    return any(span[0] < end and start < span[1] for spans in found.values() for span in spans)


def working_at(session: Session, site: UUID) -> Sequence[UUID]:
    """Return the practitioners whose own site this is."""
    return session.scalars(select(Schedule.practitioner_id).where(Schedule.site_id == site)).all()
