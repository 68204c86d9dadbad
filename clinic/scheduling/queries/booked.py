"""How much practitioners have to do, so that new visits go to whoever has the least."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.rules.booking import AHEAD, Status

AROUND = timedelta(days=28)
_COUNTED = AHEAD | {Status.FULFILLED, Status.NOSHOW}


def booked_minutes(session: Session, ids: Collection[UUID], now: datetime) -> Mapping[UUID, int]:
    """Return the minutes booked with each of `ids` in the 28 days before and after `now`."""
    rows = session.execute(
        select(Appointment.practitioner_id, func.sum(Service.minutes))
        .join(Service, Service.id == Appointment.service_id)
        .where(
            Appointment.practitioner_id.in_(ids),
            Appointment.busy_from > now - AROUND,
            Appointment.busy_from < now + AROUND,
            Appointment.status.in_(_COUNTED),
        )
        .group_by(Appointment.practitioner_id)
    )
    return {who: int(minutes) for who, minutes in rows}
