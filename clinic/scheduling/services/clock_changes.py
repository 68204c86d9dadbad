"""After new zone rules: list the visits whose instant moves, and move them when staff have approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict
from clinic.ids import AppointmentId, PatientId
from clinic.scheduling.events import AppointmentMoved
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.clock_changes import in_the_way, moved, outdated, shift_of
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.clock_changes import Moving, in_order
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import offset_of, to_wall, tzdb_version, wall_text
from clinic.scheduling.services import guarded
from clinic.scheduling.services.reading import Reader, shown

MOST_AT_ONCE = 200


class Outcome(StrEnum):
    """What became of a visit that was to move."""

    MOVED = "moved"
    CONFLICT = "conflict"
    CHANGED = "changed"


class Clash(StrEnum):
    """Who has another visit at the time to which one moves."""

    PRACTITIONER = "practitioner"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A visit whose wall time stays and whose instant moves by `minutes`.

    `shows` is what clocks there show now at the instant that is stored.
    """

    visit: Visit
    shows: str
    new_starts_at: datetime
    new_offset: str
    minutes: int
    tzdb: str
    conflict: Clash | None


@dataclass(frozen=True, slots=True)
class Approved:
    """A visit that is to move, as it was seen."""

    id: AppointmentId
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one visit."""

    id: AppointmentId
    outcome: Outcome


def follow(session: Session, *, clock: Clock) -> int:
    """Note that visits whose instant has not moved hold by the rules in force; return how many have moved."""
    rows = outdated(session, now=clock.now())
    waiting = [row for row in rows if shift_of(row)]
    still = {row.id for row in rows} - {row.id for row in waiting}
    guarded.stamp(session, still, tzdb=tzdb_version())
    return len(waiting)


def listed(session: Session, reader: Reader) -> list[ClockChange]:
    """Return the visits that staff are to decide on, by time."""
    rows = moved(session, now=reader.clock.now())
    moving = {row.id for row in rows}
    audit.record(
        session, actor=reader.actor, clock=reader.clock, action="clock_change.list", object_type="calendar"
    )
    return [
        _change(session, row, visit, moving, reader.clock.now())
        for row, visit in zip(rows, shown(session, reader, rows), strict=True)
    ]


def approve(session: Session, *, actor: Actor, clock: Clock, approved: Sequence[Approved]) -> list[Done]:
    """Move visits so that their wall times stay; each is moved, or stays where something is in its way."""
    wanted = {one.id: one.version for one in approved}
    rows = [row for row in moved(session, now=clock.now()) if row.id in wanted]
    guarded.lock_schedules(session, {row.practitioner_id for row in rows})
    done = {one.id: Outcome.CHANGED for one in approved}
    for one in in_order(Moving(row, row.starts_at, shift_of(row)) for row in rows):
        done[one.what.id] = _move(session, actor, clock, one, wanted[one.what.id])
    return [Done(id, outcome) for id, outcome in done.items()]


def _move(session: Session, actor: Actor, clock: Clock, one: Moving[Appointment], version: int) -> Outcome:
    row = one.what
    if row.version != version or row.status not in AHEAD:
        return Outcome.CHANGED
    times = {
        name: getattr(row, name) + one.shift for name in ("starts_at", "ends_at", "busy_from", "busy_to")
    }
    busy = Interval(times["busy_from"], times["busy_to"])
    patients = [row.patient_id] if row.patient_id else []
    guarded.give_up_lapsed(
        session, busy=busy, now=clock.now(), practitioner=row.practitioner_id, patients=patients
    )
    try:
        guarded.change(session, row, **times, tzdb=tzdb_version())
    except guarded.Overlap:
        return Outcome.CONFLICT
    except Conflict:
        return Outcome.CHANGED
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="clock_change.approve",
        patient_id=row.patient_id,
        object_type="appointment",
        object_id=row.id,
    )
    if row.patient_id is not None:
        patient = PatientId(row.patient_id)
        event = AppointmentMoved(row.id, patient, row.practitioner_id, row.version, clocks=True)
        publish(session, event)
    return Outcome.MOVED


def _change(
    session: Session, row: Appointment, visit: Visit, moving: set[AppointmentId], now: datetime
) -> ClockChange:
    shift = shift_of(row)
    clash = in_the_way(session, row, besides=moving, now=now)
    after = to_wall(row.starts_at + shift, row.tz)
    return ClockChange(
        visit=visit,
        shows=wall_text(to_wall(row.starts_at, row.tz)),
        new_starts_at=row.starts_at + shift,
        new_offset=offset_of(after),
        minutes=int(shift.total_seconds() // 60),
        tzdb=row.tzdb,
        conflict=_clash(row, clash) if clash else None,
    )


def _clash(row: Appointment, other: Appointment) -> Clash:
    return Clash.PRACTITIONER if other.practitioner_id == row.practitioner_id else Clash.PATIENT
