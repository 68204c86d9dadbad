"""Which visits have a reminder that falls due soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from clinic.ids import AppointmentId
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.reminders import Steps


def reminded_within(
    session: Session, *, usual: Steps, now: datetime, within: timedelta
) -> Sequence[AppointmentId]:
    """Return the agreed visits of which a reminder falls due after `now` and until `within` later."""
    due = [
        and_(
            Appointment.service_id == service.id,
            Appointment.starts_at > now + step,
            Appointment.starts_at <= now + step + within,
        )
        for service in session.scalars(select(Service))
        for step in service.reminders(usual)
    ]
    return session.scalars(_ids(due)).all() if due else []


def _ids(due: Iterable[ColumnElement[bool]]) -> Select[AppointmentId]:
    return (
        select(Appointment.id)
        .where(
            Appointment.status == Status.BOOKED,
            or_(Appointment.patient_id.is_not(None), Appointment.is_group),
            or_(*due),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
