"""Writes that the database may refuse: every visit and every move goes through here, and only here.

On PostgreSQL locks are taken in one order, so that nobody waits crosswise: people (`take_turns`), schedules
(`lock_schedules`), rooms (`lock_rooms`), patients (`lock_patients`); then the insert gives way instead of
waiting. A deadlock that still happens is tried again up to three times. SQLite has one writer at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Uuid,
    and_,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from clinic.errors import Conflict
from clinic.scheduling.models import Appointment, Location, Schedule
from clinic.scheduling.models.guard import EX_PATIENT, EX_PRACTITIONER, EX_ROOM, RULES
from clinic.scheduling.rules.booking import LIVE, Status
from clinic.scheduling.rules.intervals import Interval

_TRIES = 3
_DEADLOCK = "40P01"
_LONGEST = timedelta(days=1)
_TIMES = frozenset({"practitioner_id", "busy_from", "busy_to"})

# Identity owns patients; their rows are locked here and never read.
_patient = table("patient", column("id", Uuid))

T = TypeVar("T")


class Overlap(Exception):
    """The database refused to put somebody in two visits at once; `rule` says whom, or which room."""

    def __init__(self, rule: str) -> None:
        """Keep the name of the constraint."""
        super().__init__(rule)
        self.rule = rule


def take_turns(session: Session, *parties: UUID | bytes | None) -> None:
    """Let one act at a time book for each of these people or addresses, until the transaction ends.

    Their holds are counted and their day is looked at under this lock. Call it before `lock_schedules`.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    keys = sorted({_key(party) for party in parties if party is not None})
    numbers = func.unnest(postgresql.array(keys, type_=BigInteger)).column_valued("key")
    session.execute(select(func.pg_advisory_xact_lock(numbers))).all()


def lock_schedules(session: Session, practitioners: Collection[UUID]) -> None:
    """Let one booking at a time into these schedules (PostgreSQL; SQLite has one writer anyway)."""
    session.execute(
        select(Schedule.practitioner_id)
        .where(Schedule.practitioner_id.in_(practitioners))
        .order_by(Schedule.practitioner_id)
        .with_for_update(of=Schedule, key_share=True)
    ).all()


def lock_rooms(session: Session, site: UUID) -> None:
    """Let one booking at a time choose among the rooms of `site`; call it after `lock_schedules`."""
    session.execute(
        select(Location.id)
        .where(Location.site_id == site)
        .order_by(Location.id)
        .with_for_update(of=Location, key_share=True)
    ).all()


def lock_patients(session: Session, patients: Collection[UUID]) -> None:
    """Let one change at a time into these people's days; after schedules and rooms, in order (PostgreSQL)."""
    session.execute(
        select(_patient.c.id)
        .where(_patient.c.id.in_(patients))
        .order_by(_patient.c.id)
        .with_for_update(key_share=True)
    ).all()


def place_many(session: Session, rows: Sequence[Mapping[str, object]]) -> Mapping[UUID, str]:
    """Insert the appointments of one series; return those that the database refused, with the rule.

    One statement in order of time; where it fails whole, one by one, so that each has an answer.
    """
    if not rows:
        return {}
    ordered = sorted(rows, key=lambda row: str(row["starts_at"]))
    if any(_meets_forced(session, row) for row in ordered):
        return dict(_refused_one_by_one(session, ordered))
    try:
        placed = guarded(session, lambda: _insert_all(session, ordered))
    except Overlap:
        return dict(_refused_one_by_one(session, ordered))
    return {_id(row): _whose(session, row) for row in ordered if row["id"] not in placed}


def _insert_all(session: Session, rows: Sequence[Mapping[str, object]]) -> set[UUID]:
    if session.get_bind().dialect.name != "postgresql":
        session.execute(insert(Appointment).values(list(rows)))
        return {_id(row) for row in rows}
    statement = postgresql.insert(Appointment).values(list(rows)).on_conflict_do_nothing()
    return set(session.scalars(statement.returning(Appointment.id)))


def _refused_one_by_one(session: Session, rows: Sequence[Mapping[str, object]]) -> Iterator[tuple[UUID, str]]:
    for row in rows:
        try:
            place(session, row)
        except Overlap as overlap:
            yield _id(row), overlap.rule


def _meets_forced(session: Session, row: Mapping[str, object]) -> bool:
    try:
        _overbooked(session, row, forced=False)
    except Overlap:
        return True
    return False


def _id(row: Mapping[str, object]) -> UUID:
    found = row["id"]
    assert isinstance(found, UUID)
    return found


def place(session: Session, values: Mapping[str, object], *, forced: bool = False) -> None:
    """Insert an appointment; raises Overlap. A `forced` one goes over the practitioner's other visits."""
    over = _overbooked(session, values, forced=forced)
    values = {**values, "overbook_of": over}
    if session.get_bind().dialect.name != "postgresql":
        guarded(session, lambda: session.execute(insert(Appointment).values(**values)))
        return
    statement = (
        postgresql.insert(Appointment).values(**values).on_conflict_do_nothing().returning(Appointment.id)
    )
    if guarded(session, lambda: session.execute(statement).first()) is None:
        raise Overlap(_whose(session, values))


def change(session: Session, row: Appointment, **values: object) -> None:
    """Update `row` as it was read, counting its version; raises Overlap, or Conflict when it has changed.

    What the change frees goes to visits that were booked over it.
    """
    _change(session, row, values, forced=False)


def change_over(session: Session, row: Appointment, **values: object) -> None:
    """Do as `change` does, and go over the practitioner's other visits."""
    _change(session, row, values, forced=True)


def _change(session: Session, row: Appointment, values: dict[str, object], *, forced: bool) -> None:
    left = row.practitioner_id, Interval(row.busy_from, row.busy_to)
    if not _TIMES.isdisjoint(values):
        there = {name: values.get(name, getattr(row, name)) for name in _TIMES}
        values["overbook_of"] = _overbooked(session, there, besides=row.id, forced=forced)
    statement = (
        update(Appointment)
        .where(Appointment.id == row.id, Appointment.version == row.version)
        .values(version=row.version + 1, **values)
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    if guarded(session, lambda: session.execute(statement).first()) is None:
        raise Conflict("appointment_changed")
    session.refresh(row)
    if row.status not in LIVE or "busy_from" in values:
        _settle_overbooked(session, *left)


def stamp(session: Session, ids: Collection[UUID], *, tzdb: str) -> None:
    """Note by which zone rules visits hold; no time of theirs changes, so neither does their version."""
    session.execute(
        update(Appointment)
        .where(Appointment.id.in_(ids))
        .values(tzdb=tzdb)
        .execution_options(synchronize_session=False)
    )


def confirm(
    session: Session,
    hold: UUID,
    *,
    owner: UUID,
    patient: UUID,
    now: datetime,
    match: Mapping[str, object],
    **values: object,
) -> bool:
    """Make a visit of a hold that lives, is `owner`'s and is for `match`; raises Overlap for the patient."""
    times = select(Appointment.busy_from, Appointment.busy_to).where(Appointment.id == hold)
    if kept := session.execute(times).first():
        give_up_lapsed(session, busy=Interval(*kept), now=now, patients=[patient])
    statement = (
        update(Appointment)
        .where(
            Appointment.id == hold,
            Appointment.created_by == owner,
            Appointment.status == Status.HELD,
            Appointment.hold_expires_at > now,
            *(getattr(Appointment, name) == value for name, value in match.items()),
        )
        .values(status=Status.BOOKED, patient_id=patient, hold_expires_at=None, hold_address=None, **values)
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    return guarded(session, lambda: session.execute(statement).first()) is not None


def give_up_holds(
    session: Session,
    *,
    practitioner: UUID,
    patient: UUID | None,
    busy: Interval,
    owner: UUID | None,
    now: datetime,
) -> None:
    """End the holds in the way of a visit: lapsed ones, and those of `owner`, the person who is booking."""
    theirs = and_(Appointment.practitioner_id == practitioner, *_touching(busy))
    own = and_(
        Appointment.patient_id == patient,
        Appointment.starts_at < busy.end,
        Appointment.ends_at > busy.start,
    )
    _end_holds(
        session,
        or_(Appointment.hold_expires_at <= now, Appointment.created_by == owner),
        theirs if patient is None else or_(theirs, own),
    )


def give_up_lapsed(
    session: Session,
    *,
    busy: Interval,
    now: datetime,
    room: UUID | None = None,
    practitioner: UUID | None = None,
    patients: Collection[UUID] = (),
) -> None:
    """End the lapsed holds in `busy` of a room, a practitioner and some patients: to the guard they live."""
    given = ((Appointment.room_id, room), (Appointment.practitioner_id, practitioner))
    keeps = [column == one for column, one in given if one is not None]
    whose = or_(Appointment.patient_id.in_(patients), *keeps)
    _end_holds(session, Appointment.hold_expires_at <= now, whose, *_touching(busy))


def forget_holds(session: Session, *, before: datetime) -> int:
    """Delete holds that lapsed before `before`; return how many."""
    over = delete(Appointment).where(
        Appointment.status.in_([Status.HELD, Status.EXPIRED]), Appointment.hold_expires_at < before
    )
    return len(session.execute(over.returning(Appointment.id)).all())


def end_holds(
    session: Session, *, busy: Interval, practitioner: UUID | None = None, site: UUID | None = None
) -> None:
    """End all holds of somebody or at a site in a stretch that is closed; who confirms one is told so."""
    mine = Appointment.practitioner_id == practitioner if practitioner else Appointment.site_id == site
    _end_holds(session, mine, *_touching(busy))


def end_hold(session: Session, hold: UUID) -> None:
    """End one hold, unless it has lapsed or become a visit meanwhile."""
    _end_holds(session, Appointment.id == hold)


def guarded(session: Session, write: Callable[[], T]) -> T:
    """Do `write` in a savepoint; raises Overlap where the database refuses it."""
    for attempt in range(_TRIES):
        try:
            with session.begin_nested():
                return write()
        except IntegrityError as error:
            raise Overlap(_rule(error)) from None
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _DEADLOCK or attempt + 1 == _TRIES:
                raise
    raise AssertionError("unreachable")


def _end_holds(session: Session, *which: ColumnElement[bool]) -> None:
    """Expire holds, locked in the order of their ids: two bookings may end each other's."""
    held = select(Appointment.id).where(Appointment.status == Status.HELD, *which)
    ids = held.order_by(Appointment.id).with_for_update(of=Appointment)
    session.execute(
        update(Appointment)
        .where(Appointment.id.in_(ids))
        .values(status=Status.EXPIRED)
        .execution_options(synchronize_session=False)
    )


def _overbooked(
    session: Session, values: Mapping[str, object], *, besides: UUID | None = None, forced: bool
) -> UUID | None:
    """Return what a forced visit is booked over, if anything; raises Overlap where a plain one meets one.

    The constraint sees no forced visit, so that it is looked for here, under the lock of the schedule.
    """
    found = (
        select(Appointment.id)
        .where(
            Appointment.practitioner_id == values["practitioner_id"],
            Appointment.status.in_(LIVE),
            *_touching(Interval(values["busy_from"], values["busy_to"])),  # type: ignore[arg-type]
            *([Appointment.id != besides] if besides else []),
        )
        .order_by(Appointment.overbook_of.is_not(None), Appointment.busy_from)
    )
    if not forced:
        found = found.where(Appointment.overbook_of.is_not(None))
    other = session.scalars(found.limit(1)).first()
    if other is not None and not forced:
        raise Overlap(EX_PRACTITIONER)
    return other


def _settle_overbooked(session: Session, practitioner: UUID, freed: Interval) -> None:
    """Make plain visits of those that are over nothing any more."""
    rows = select(Appointment.id).where(
        Appointment.practitioner_id == practitioner,
        Appointment.overbook_of.is_not(None),
        Appointment.status.in_(LIVE),
        *_touching(freed),
    )
    for number in session.scalars(rows.order_by(Appointment.busy_from, Appointment.id)).all():
        plain = update(Appointment).where(Appointment.id == number).values(overbook_of=None)
        try:
            guarded(session, lambda: session.execute(plain))  # noqa: B023 -- done within the turn
        except Overlap:
            continue  # it is still over another one


def _touching(busy: Interval) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a visit takes some of `busy`; none is longer than a day."""
    return (
        Appointment.busy_from < busy.end,
        Appointment.busy_from > busy.start - _LONGEST,
        Appointment.busy_to > busy.start,
    )


def _key(party: UUID | bytes) -> int:
    raw = party.bytes if isinstance(party, UUID) else party
    return int.from_bytes(hashlib.sha256(b"booking|" + raw).digest()[:8], signed=True)


def _rule(error: IntegrityError) -> str:
    for rule in RULES:
        if rule in str(error.orig):
            return rule
    raise error


def _whose(session: Session, values: Mapping[str, object]) -> str:
    """Tell which rule made PostgreSQL leave the row out: it does not say."""
    for rule, whose, start, end in (
        (EX_PATIENT, "patient_id", "starts_at", "ends_at"),
        (EX_ROOM, "room_id", "busy_from", "busy_to"),
    ):
        if values.get(whose) is None:
            continue
        clash = select(Appointment.id).where(
            getattr(Appointment, whose) == values[whose],
            getattr(Appointment, start) < values[end],
            getattr(Appointment, end) > values[start],
            Appointment.status.in_(LIVE),
        )
        if session.execute(clash).first():
            return rule
    return EX_PRACTITIONER
