"""Writes that the database may refuse: every visit and every move goes through here, and only here.

On PostgreSQL the practitioner's row is locked first and the insert gives way instead of waiting crosswise;
a deadlock that still happens is tried again up to three times. On SQLite there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Uuid, and_, column, insert, or_, select, table, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from clinic.errors import Conflict
from clinic.scheduling.models import Appointment, Schedule
from clinic.scheduling.models.guard import EX_PATIENT, EX_PRACTITIONER
from clinic.scheduling.rules.booking import LIVE, Status
from clinic.scheduling.rules.intervals import Interval

_TRIES = 3
_DEADLOCK = "40P01"

# Identity owns patients; their rows are locked here and never read.
_patient = table("patient", column("id", Uuid))

T = TypeVar("T")


class Overlap(Exception):
    """The database refused to put somebody in two visits at once; `rule` says whom."""

    def __init__(self, rule: str) -> None:
        """Keep the name of the constraint."""
        super().__init__(rule)
        self.rule = rule


def lock_schedules(session: Session, practitioners: Collection[UUID]) -> None:
    """Let one booking at a time into these schedules (PostgreSQL; SQLite has one writer anyway)."""
    session.execute(
        select(Schedule.practitioner_id)
        .where(Schedule.practitioner_id.in_(practitioners))
        .order_by(Schedule.practitioner_id)
        .with_for_update(of=Schedule, key_share=True)
    ).all()


def lock_patients(session: Session, patients: Collection[UUID]) -> None:
    """Let one change at a time into these people's days; always after the schedule, in order (PostgreSQL)."""
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


def _id(row: Mapping[str, object]) -> UUID:
    found = row["id"]
    assert isinstance(found, UUID)
    return found


def place(session: Session, values: Mapping[str, object]) -> None:
    """Insert an appointment; raises Overlap."""
    if session.get_bind().dialect.name != "postgresql":
        guarded(session, lambda: session.execute(insert(Appointment).values(**values)))
        return
    statement = (
        postgresql.insert(Appointment).values(**values).on_conflict_do_nothing().returning(Appointment.id)
    )
    if guarded(session, lambda: session.execute(statement).first()) is None:
        raise Overlap(_whose(session, values))


def change(session: Session, row: Appointment, **values: object) -> None:
    """Update `row` as it was read, counting its version; raises Overlap, or Conflict when it has changed."""
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


def confirm(
    session: Session, hold: UUID, *, owner: UUID, now: datetime, match: Mapping[str, object], **values: object
) -> bool:
    """Make a visit of a hold that lives, is `owner`'s and is for `match`; raises Overlap for the patient."""
    statement = (
        update(Appointment)
        .where(
            Appointment.id == hold,
            Appointment.created_by == owner,
            Appointment.status == Status.HELD,
            Appointment.hold_expires_at > now,
            *(getattr(Appointment, name) == value for name, value in match.items()),
        )
        .values(status=Status.BOOKED, hold_expires_at=None, hold_address=None, **values)
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    return guarded(session, lambda: session.execute(statement).first()) is not None


def give_up_holds(
    session: Session, *, practitioner: UUID, patient: UUID | None, busy: Interval, owner: UUID, now: datetime
) -> None:
    """End the holds in the way of a visit: lapsed ones, and those of the person who is booking."""
    theirs = and_(
        Appointment.practitioner_id == practitioner,
        Appointment.busy_from < busy.end,
        Appointment.busy_to > busy.start,
    )
    own = and_(
        Appointment.patient_id == patient,
        Appointment.starts_at < busy.end,
        Appointment.ends_at > busy.start,
    )
    session.execute(
        update(Appointment)
        .where(
            Appointment.status == Status.HELD,
            or_(Appointment.hold_expires_at <= now, Appointment.created_by == owner),
            theirs if patient is None else or_(theirs, own),
        )
        .values(status=Status.EXPIRED)
        .execution_options(synchronize_session=False)
    )


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


def _rule(error: IntegrityError) -> str:
    for rule in (EX_PRACTITIONER, EX_PATIENT):
        if rule in str(error.orig):
            return rule
    raise error


def _whose(session: Session, values: Mapping[str, object]) -> str:
    """Tell which rule made PostgreSQL leave the row out: it does not say."""
    clash = select(Appointment.id).where(
        Appointment.patient_id == values["patient_id"],
        Appointment.starts_at < values["ends_at"],
        Appointment.ends_at > values["starts_at"],
        Appointment.status.in_(LIVE),
    )
    found = values["patient_id"] is not None and session.execute(clash).first()
    return EX_PATIENT if found else EX_PRACTITIONER
