"""How much practitioners have to do, so that new visits go to whoever has the least."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from clinic.db.base import UTCDateTime
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.queries.memory import Memory
from clinic.scheduling.queries.schedules import has_status
from clinic.scheduling.queries.stored import id_of, stored
from clinic.scheduling.rules.booking import AHEAD, Status

AROUND = timedelta(days=28)
_COUNTED = AHEAD | {Status.FULFILLED, Status.NOSHOW}

_ROW, _SERVICE = Appointment.__table__.c, Service.__table__.c


def booked_minutes(
    session: Session, memory: Memory, ids: Collection[UUID], now: datetime
) -> Mapping[UUID, int]:
    """Return the minutes booked with each of `ids` in the 28 days before and after `now`."""
    keys = stored(session).ids(one.hex for one in ids)
    asked = {"ids": keys, "after": now - AROUND, "before": now + AROUND}
    return {id_of(who): int(minutes) for who, minutes in session.execute(memory.of(_sums), asked)}


def _sums(session: Session) -> Select[str, int]:
    """Return the statement that adds up minutes: from one index alone, with what each service takes in it."""
    lengths = {one.id: one.minutes for one in session.execute(select(_SERVICE.id, _SERVICE.minutes))}
    kept = stored(session)
    return (
        select(kept.key(_ROW.practitioner_id), func.sum(case(lengths, value=_ROW.service_id, else_=0)))
        .where(
            kept.among(_ROW.practitioner_id),
            _ROW.busy_from > bindparam("after", type_=UTCDateTime),
            _ROW.busy_from < bindparam("before", type_=UTCDateTime),
            has_status(_COUNTED),
        )
        .group_by(_ROW.practitioner_id)
    )
