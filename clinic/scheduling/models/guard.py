"""The rule that nobody is in two visits at once, held by the database and not by us.

PostgreSQL excludes overlapping ranges; SQLite, which has one writer at a time, looks in a trigger. Both
name the rule that was broken: `ex_practitioner`, `ex_patient` or `ex_room`. A visit that the desk has booked
over another on purpose (`overbook_of`) is outside the first rule and within the others. No visit is longer
than 24 hours, so an index scan from a day before finds every neighbour.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Connection, FromClause, event

from clinic.scheduling.rules.booking import LIVE

EX_PRACTITIONER = "ex_practitioner"
EX_PATIENT = "ex_patient"
EX_ROOM = "ex_room"
RULES = (EX_PRACTITIONER, EX_PATIENT, EX_ROOM)
TRIGGERS = ("appointment_overlap_insert", "appointment_overlap_update")

_LIVE = f"({', '.join(repr(status.value) for status in sorted(LIVE))})"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""ALTER TABLE appointment ADD CONSTRAINT {EX_PRACTITIONER} EXCLUDE USING gist (
        practitioner_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)
        WHERE (status IN {_LIVE} AND overbook_of IS NULL)""",
    f"""ALTER TABLE appointment ADD CONSTRAINT {EX_PATIENT} EXCLUDE USING gist (
        patient_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
        WHERE (status IN {_LIVE} AND patient_id IS NOT NULL)""",
    f"""ALTER TABLE appointment ADD CONSTRAINT {EX_ROOM} EXCLUDE USING gist (
        room_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)
        WHERE (status IN {_LIVE} AND room_id IS NOT NULL)""",
)


def _trigger(name: str, moment: str, itself: str) -> str:
    # Every part is a constant of this file; nothing comes from outside.
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON appointment
    WHEN NEW.status IN {_LIVE} BEGIN
        SELECT RAISE(ABORT, '{EX_PRACTITIONER}') WHERE NEW.overbook_of IS NULL AND EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.practitioner_id = NEW.practitioner_id AND a.id <> {itself} AND a.status IN {_LIVE}
            AND a.overbook_of IS NULL
            AND a.busy_from < NEW.busy_to AND a.busy_from > datetime(NEW.busy_from, '-1 day')
            AND a.busy_to > NEW.busy_from);
        SELECT RAISE(ABORT, '{EX_PATIENT}') WHERE EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.patient_id = NEW.patient_id AND a.id <> {itself} AND a.status IN {_LIVE}
            AND a.starts_at < NEW.ends_at AND a.starts_at > datetime(NEW.starts_at, '-1 day')
            AND a.ends_at > NEW.starts_at);
        SELECT RAISE(ABORT, '{EX_ROOM}') WHERE EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.room_id = NEW.room_id AND a.id <> {itself} AND a.status IN {_LIVE}
            AND a.busy_from < NEW.busy_to AND a.busy_from > datetime(NEW.busy_from, '-1 day')
            AND a.busy_to > NEW.busy_from);
    END"""  # noqa: S608


SQLITE = (
    _trigger(TRIGGERS[0], "INSERT", "NEW.id"),
    _trigger(
        TRIGGERS[1],
        "UPDATE OF status, practitioner_id, patient_id, room_id, overbook_of,"
        " busy_from, busy_to, starts_at, ends_at",
        "OLD.id",
    ),
)


def length_checks() -> tuple[CheckConstraint, CheckConstraint]:
    """Return the limit of 24 hours in both dialects."""
    server = CheckConstraint("busy_to - busy_from <= interval '24 hours'", name="length")
    embedded = CheckConstraint("strftime('%s', busy_to) - strftime('%s', busy_from) <= 86400", name="length")
    return server.ddl_if(dialect="postgresql"), embedded.ddl_if(dialect="sqlite")


def attach(table: FromClause) -> None:
    """Create the guard with `table` wherever it is created from the models."""
    event.listen(table, "after_create", _create)


def _create(_table: object, connection: Connection, **_options: object) -> None:
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
        connection.exec_driver_sql(statement)
