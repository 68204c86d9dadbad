"""After new zone rules: list the visits and sessions whose instant moves, and move what staff approve."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict
from clinic.ids import AppointmentId, PatientId
from clinic.scheduling.events import AppointmentMoved, SeatMoved, SessionChanged, WallTimesKept
from clinic.scheduling.models import Appointment, GroupSession
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.clock_changes import Way, in_the_way, moved, outdated, people_of, shift_of
from clinic.scheduling.queries.groups import Group
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.clock_changes import Clash, Moving, in_order
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import offset_of, to_wall, tzdb_version, wall_text
from clinic.scheduling.services import guarded
from clinic.scheduling.services.groups.sessions import locked
from clinic.scheduling.services.reading import Reader, sessions_shown, shown

MOST_AT_ONCE = 200
_NAMED_AT_ONCE = 1_000  # after an update that is every visit to come, and a statement names only so many
_TIMES = ("starts_at", "ends_at", "busy_from", "busy_to")


class Outcome(StrEnum):
    """What became of a visit that was to move."""

    MOVED = "moved"
    CONFLICT = "conflict"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A visit, or a group's session, whose wall time stays and whose instant moves by `minutes`.

    `shows` is what clocks there show now at the instant that is stored.
    """

    visit: Visit | None
    group: Group | None
    shows: str
    new_starts_at: datetime
    new_offset: str
    minutes: int
    tzdb: str
    conflict: Clash | None


@dataclass(frozen=True, slots=True)
class Approved:
    """A visit or session that is to move, as it was seen."""

    id: AppointmentId
    version: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one visit or session."""

    id: AppointmentId
    outcome: Outcome


def follow(session: Session, *, clock: Clock) -> int:
    """Note that visits whose instant has not moved hold by the rules in force; return how many have moved."""
    rows = outdated(session, now=clock.now())
    waiting = [row for row in rows if shift_of(row)]
    still = sorted({row.id for row in rows} - {row.id for row in waiting})
    for start in range(0, len(still), _NAMED_AT_ONCE):
        guarded.stamp(session, still[start : start + _NAMED_AT_ONCE], tzdb=tzdb_version())
    return len(waiting)


def waiting(session: Session, reader: Reader) -> list[Appointment]:
    """Return what staff are to decide on, by time; the look is on record."""
    audit.record(
        session, actor=reader.actor, clock=reader.clock, action="clock_change.list", object_type="calendar"
    )
    return moved(session, now=reader.clock.now())


def described(
    session: Session, reader: Reader, rows: Sequence[Appointment], *, moving: Collection[UUID]
) -> list[ClockChange]:
    """Return `rows` as staff see them; what is `moving` with them is not in their way."""
    plain = [row for row in rows if not row.is_group]
    seats = [(row, session.get_one(GroupSession, row.id)) for row in rows if row.is_group]
    visits = {one.id: one for one in shown(session, reader, plain)}
    groups = {one.id: one for one in sessions_shown(session, reader, seats)}
    return [
        _change(session, Way(row, moving, reader.clock.now()), visits.get(row.id), groups.get(row.id))
        for row in rows
    ]


def approve(session: Session, *, actor: Actor, clock: Clock, approved: Sequence[Approved]) -> list[Done]:
    """Move visits and sessions so that their wall times stay; each moves, or stays where it cannot.

    A visit that is over another one on purpose stays over whatever it meets.
    """
    wanted = {one.id: one.version for one in approved}
    rows = [row for row in moved(session, now=clock.now()) if row.id in wanted]
    people = _lock(session, rows)
    forced = {row.id for row in rows if row.overbook_of is not None}
    done = {one.id: Outcome.CHANGED for one in approved}
    plain_first = sorted(rows, key=lambda row: row.id in forced)
    for one in in_order(Moving(row, row.starts_at, shift_of(row)) for row in plain_first):
        row = one.what
        if row.version != wanted[row.id] or row.status not in AHEAD:
            continue
        done[row.id] = _move(session, one, people[row.id], forced=row.id in forced, now=clock.now())
        if done[row.id] is Outcome.MOVED:
            _record(session, actor, clock, row)
            _tell(session, row, people[row.id])
    _tell_once(session, [row for row in rows if done[row.id] is Outcome.MOVED], people)
    return [Done(id, outcome) for id, outcome in done.items()]


def _lock(session: Session, rows: Sequence[Appointment]) -> Mapping[UUID, Sequence[PatientId]]:
    """Lock the schedules, the seats and the days of everybody concerned; return who comes to what."""
    guarded.lock_schedules(session, {row.practitioner_id for row in rows})
    for session_id in sorted(row.id for row in rows if row.is_group):
        locked(session, session_id)
    people: dict[UUID, Sequence[PatientId]] = {row.id: people_of(session, row) for row in rows}
    guarded.lock_patients(session, {one for those in people.values() for one in those})
    return people


def _move(
    session: Session,
    one: Moving[Appointment],
    people: Sequence[PatientId],
    *,
    forced: bool,
    now: datetime,
) -> Outcome:
    row = one.what
    times = {name: getattr(row, name) + one.shift for name in _TIMES}
    guarded.give_up_lapsed(
        session,
        busy=Interval(times["busy_from"], times["busy_to"]),
        now=now,
        room=row.room_id,
        practitioner=row.practitioner_id,
        patients=people,
    )
    write = guarded.change_over if forced else guarded.change
    try:
        write(session, row, **times, tzdb=tzdb_version())
    except guarded.Overlap:
        return Outcome.CONFLICT
    except Conflict:
        return Outcome.CHANGED
    if row.is_group:
        session.expire_all()  # the seats have moved with it
    return Outcome.MOVED


def _record(session: Session, actor: Actor, clock: Clock, row: Appointment) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="clock_change.approve",
        patient_id=row.patient_id,
        object_type="group" if row.is_group else "appointment",
        object_id=row.id,
    )


def _tell(session: Session, row: Appointment, people: Sequence[PatientId]) -> None:
    whom, version = row.practitioner_id, row.version
    if row.is_group:
        publish(session, SessionChanged(row.id, whom))
    for patient in people:
        if row.is_group:
            publish(session, SeatMoved(row.id, patient, clocks=True))
        else:
            publish(session, AppointmentMoved(row.id, patient, whom, version, clocks=True))


def _tell_once(
    session: Session, rows: Sequence[Appointment], people: Mapping[UUID, Sequence[PatientId]]
) -> None:
    """Tell everybody of all that is theirs at once, `rows` by time; a practitioner of what they hold."""
    holders = {row.practitioner_id: row.id for row in reversed(rows)}
    visitors = {patient: row.id for row in reversed(rows) for patient in people[row.id]}
    for first in holders.values():
        publish(session, WallTimesKept(first, None))
    for patient, first in visitors.items():
        publish(session, WallTimesKept(first, patient))


def _change(session: Session, way: Way, visit: Visit | None, group: Group | None) -> ClockChange:
    row, shift = way.row, shift_of(way.row)
    after = to_wall(row.starts_at + shift, row.tz)
    return ClockChange(
        visit=visit,
        group=group,
        shows=wall_text(to_wall(row.starts_at, row.tz)),
        new_starts_at=row.starts_at + shift,
        new_offset=offset_of(after),
        minutes=int(shift.total_seconds() // 60),
        tzdb=row.tzdb,
        conflict=in_the_way(session, way),
    )
