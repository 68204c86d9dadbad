"""The steps before any visit is placed, whoever places it: locks, holds that end, a room.

Book, hold, move, and whatever else places visits later, come through here to `guarded`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services import guarded
from clinic.scheduling.services.planning import Plan
from clinic.scheduling.services.rooms import take_room


@dataclass(frozen=True, slots=True)
class Placing:
    """Who places a visit, for whom and when; `moving` is the visit that moves, `forced` goes over others.

    The holds of `owner` give way; with None no hold does that lives.
    """

    owner: UUID | None
    patient: UUID | None
    now: datetime
    moving: Appointment | None = None
    forced: bool = False


def make_way(session: Session, planned: Plan, placing: Placing) -> dict[str, object]:
    """Return the columns of a visit that is about to be placed; raises Overlap where no room is free.

    Call `guarded.take_turns` for the people and `guarded.lock_schedules` before the visit is planned: leave
    that is entered meanwhile waits then, or is seen.
    """
    wanted, moving = planned.wanted, placing.moving
    left = set() if moving is None else {moving.practitioner_id}
    guarded.lock_schedules(session, {wanted.practitioner, *left})
    guarded.give_up_holds(
        session,
        practitioner=wanted.practitioner,
        patient=placing.patient,
        busy=planned.busy,
        owner=placing.owner,
        now=placing.now,
    )
    room = take_room(
        session,
        site=planned.site if wanted.modality is Modality.IN_PERSON else None,
        busy=planned.busy,
        now=placing.now,
        forced=placing.forced,
        besides=None if moving is None else moving.id,
    )
    return {**planned.columns(), "room_id": room}
