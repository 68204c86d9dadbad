"""How many seats a session has: changed by staff, never below those that are taken."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Invalid
from clinic.ids import AppointmentId
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.services import guarded
from clinic.scheduling.services.finding import refuse_stale
from clinic.scheduling.services.groups.seats import move_up
from clinic.scheduling.services.groups.sessions import concerned, opened, record, seats_of, tell


def resize(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    group_id: AppointmentId,
    capacity: int,
    version: int | None = None,
) -> Appointment:
    """Give a session `capacity` seats; who waits longest and can come moves up into those that are new.

    The days of those who wait are locked in order, as when a session moves. Raises Invalid naming the field
    below the seats taken, Conflict("seats_closed") and PreconditionFailed.
    """
    row = concerned(session, actor, Permission.GROUP_PLAN, group_id)
    group, now = opened(session, row, clock.now()), clock.now()
    if capacity == group.capacity:
        return row
    refuse_stale(row, version)
    if capacity < group.taken:
        least = f"Must be greater than or equal to {group.taken}."
        raise Invalid("invalid", errors={"capacity": [least]})
    waiting = seats_of(session, group_id, [SeatStatus.WAITING])
    guarded.lock_patients(session, [seat.patient_id for seat in waiting])
    group.capacity = capacity
    session.flush()
    group.taken += move_up(session, row, now, free=capacity - group.taken)
    session.flush()
    guarded.change(session, row)
    record(session, actor, clock, "group.resize", group_id)
    tell(session, [row])
    return row
