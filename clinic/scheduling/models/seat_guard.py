"""The rule that a group's member is in one place at a time, held by the database like `guard`'s.

A seat carries the times of its session (a foreign key that moves with them), so that two seats of one
person exclude each other just as two visits do: by an exclusion constraint on PostgreSQL, by a trigger on
SQLite. A seat and a visit lie in two tables, which no constraint spans: triggers on both look into the
other one. On PostgreSQL they lock the patient's row first. Without that, two transactions would each look
before the other commits; with it the later one waits, and then sees. All of them say `ex_patient`.
"""

from __future__ import annotations

from sqlalchemy import Connection, FromClause, event

from clinic.scheduling.models.guard import EX_PATIENT
from clinic.scheduling.rules.booking import LIVE
from clinic.scheduling.rules.groups import SeatStatus

_LIVE = f"({', '.join(repr(status.value) for status in sorted(LIVE))})"
_SEATED = f"'{SeatStatus.BOOKED.value}'"


def _function(name: str, other: str, taken: str) -> str:
    # Every part is a constant of this file; nothing comes from outside.
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM patient WHERE id = NEW.patient_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM {other} AS o WHERE o.patient_id = NEW.patient_id AND o.status IN {taken}
            AND o.starts_at < NEW.ends_at AND o.starts_at > NEW.starts_at - interval '1 day'
            AND o.ends_at > NEW.starts_at)
        THEN
            RAISE EXCEPTION '{EX_PATIENT}' USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{EX_PATIENT}';
        END IF;
        RETURN NEW;
    END $$"""  # noqa: S608


POSTGRESQL = (
    f"""ALTER TABLE group_seat ADD CONSTRAINT {EX_PATIENT}_seat EXCLUDE USING gist (
        patient_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
        WHERE (status = {_SEATED})""",
    _function("visit_beside_seats", "group_seat", f"({_SEATED})"),
    _function("seat_beside_visits", "appointment", _LIVE),
    f"""CREATE TRIGGER appointment_beside_seats BEFORE INSERT
        OR UPDATE OF status, patient_id, starts_at, ends_at ON appointment
        FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL AND NEW.status IN {_LIVE})
        EXECUTE FUNCTION visit_beside_seats()""",
    f"""CREATE TRIGGER group_seat_beside_visits BEFORE INSERT OR UPDATE OF status, starts_at, ends_at
        ON group_seat FOR EACH ROW WHEN (NEW.status = {_SEATED}) EXECUTE FUNCTION seat_beside_visits()""",
)


def _clash(table: str, taken: str, apart: str = "") -> str:
    return f"""SELECT RAISE(ABORT, '{EX_PATIENT}') WHERE EXISTS (
            SELECT 1 FROM {table} AS o WHERE o.patient_id = NEW.patient_id AND o.status IN {taken} {apart}
            AND o.starts_at < NEW.ends_at AND o.starts_at > datetime(NEW.starts_at, '-1 day')
            AND o.ends_at > NEW.starts_at);"""  # noqa: S608


def _on_visits(name: str, moment: str) -> str:
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON appointment
    WHEN NEW.patient_id IS NOT NULL AND NEW.status IN {_LIVE} BEGIN
        {_clash("group_seat", f"({_SEATED})")}
    END"""


def _on_seats(name: str, moment: str) -> str:
    other_seats = _clash("group_seat", f"({_SEATED})", "AND o.appointment_id <> NEW.appointment_id")
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON group_seat
    WHEN NEW.status = {_SEATED} BEGIN
        {other_seats}
        {_clash("appointment", _LIVE)}
    END"""


SQLITE = (
    _on_visits("appointment_seats_insert", "INSERT"),
    _on_visits("appointment_seats_update", "UPDATE OF status, patient_id, starts_at, ends_at"),
    _on_seats("group_seat_overlap_insert", "INSERT"),
    _on_seats("group_seat_overlap_update", "UPDATE OF status, starts_at, ends_at"),
)


def attach(table: FromClause) -> None:
    """Create the guard with `table` wherever it is created from the models."""
    event.listen(table, "after_create", _create)


def _create(_table: object, connection: Connection, **_options: object) -> None:
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.exec_driver_sql(statement)
