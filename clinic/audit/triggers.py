"""The rule "append only" as the database's own: triggers that refuse UPDATE, DELETE and TRUNCATE."""

from __future__ import annotations

from sqlalchemy import Connection, Table

_REFUSAL = "the audit trail is append-only"


def append_only(table: Table, connection: Connection, **_: object) -> None:
    """Make `table` append-only; listens to its creation from the models."""
    statements = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}[connection.dialect.name]
    for statement in statements(table.name):
        connection.exec_driver_sql(statement)


def sqlite_statements(table: str) -> list[str]:
    """Return SQLite's triggers."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def postgresql_statements(table: str) -> list[str]:
    """Return PostgreSQL's function and trigger."""
    return [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ]
