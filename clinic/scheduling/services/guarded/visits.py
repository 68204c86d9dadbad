"""Visits that are placed and changed, alone or as a series, over others only on purpose."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from clinic.errors import Conflict
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.guard import EX_PRACTITIONER
from clinic.scheduling.queries.schedules import has_status
from clinic.scheduling.rules.booking import LIVE
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.services.guarded.refusal import TOUCHING, Overlap, guarded, rule_against, stretch

_TIMES = frozenset({"practitioner_id", "busy_from", "busy_to"})
_TABLE = cast(Table, Appointment.__table__)
_ROW = _TABLE.c
_NOBODY = UUID(int=0)

# Made once: to put a statement together takes longer than to carry it out, and others wait meanwhile.
_INSERT = insert(_TABLE)
_GIVE_WAY = postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_ROW.id)


def _others(*, plain: bool) -> Select[UUID]:
    """Return the statement that finds a live visit besides one: plain ones first, or none of them."""
    found = select(_ROW.id).where(
        _ROW.practitioner_id == bindparam("whose"),
        _ROW.id != bindparam("besides"),
        *TOUCHING,
        has_status(LIVE),
    )
    forced = _ROW.overbook_of.is_not(None)
    return (found if plain else found.where(forced)).order_by(forced, _ROW.busy_from).limit(1)


_ANY_OTHER, _FORCED_OTHER = _others(plain=True), _others(plain=False)


def place(session: Session, values: Mapping[str, object], *, forced: bool = False) -> None:
    """Insert an appointment; raises Overlap. A `forced` one goes over the practitioner's other visits."""
    over = _overbooked(session, values, forced=forced)
    values = {**values, "overbook_of": over}
    if session.get_bind().dialect.name != "postgresql":
        guarded(session, lambda: session.execute(_INSERT, values))
        return
    if guarded(session, lambda: session.execute(_GIVE_WAY, values).first()) is None:
        raise Overlap(rule_against(session, values))


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
    return {_id(row): rule_against(session, row) for row in ordered if row["id"] not in placed}


def change(session: Session, row: Appointment, **values: object) -> None:
    """Update `row` as it was read, counting its version; raises Overlap, or Conflict when it has changed.

    What the change frees goes to visits that were booked over it.
    """
    _change(session, row, values, forced=False)


def change_over(session: Session, row: Appointment, **values: object) -> None:
    """Do as `change` does, and go over the practitioner's other visits."""
    _change(session, row, values, forced=True)


def stamp(session: Session, ids: Collection[UUID], *, tzdb: str) -> None:
    """Note by which zone rules visits hold; no time of theirs changes, so neither does their version."""
    session.execute(
        update(Appointment)
        .where(Appointment.id.in_(ids))
        .values(tzdb=tzdb)
        .execution_options(synchronize_session=False)
    )


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


def _overbooked(
    session: Session, values: Mapping[str, object], *, besides: UUID | None = None, forced: bool
) -> UUID | None:
    """Return what a forced visit is booked over, if anything; raises Overlap where a plain one meets one.

    The constraint sees no forced visit, so that it is looked for here, under the lock of the schedule.
    """
    whose = {"whose": values["practitioner_id"], "besides": besides or _NOBODY}
    asked = {**whose, **stretch(values["busy_from"], values["busy_to"])}
    other = session.scalar(_ANY_OTHER if forced else _FORCED_OTHER, asked)
    if other is not None and not forced:
        raise Overlap(EX_PRACTITIONER)
    return other


def _settle_overbooked(session: Session, practitioner: UUID, freed: Interval) -> None:
    """Make plain visits of those that are over nothing any more."""
    rows = (
        select(Appointment.id)
        .where(
            Appointment.practitioner_id == practitioner,
            Appointment.overbook_of.is_not(None),
            Appointment.status.in_(LIVE),
            *TOUCHING,
        )
        .order_by(Appointment.busy_from, Appointment.id)
    )
    for number in session.scalars(rows, stretch(freed.start, freed.end)).all():
        plain = update(Appointment).where(Appointment.id == number).values(overbook_of=None)
        try:
            guarded(session, lambda: session.execute(plain))  # noqa: B023 -- done within the turn
        except Overlap:
            continue  # it is still over another one
