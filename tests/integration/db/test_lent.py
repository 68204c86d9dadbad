"""What one test does to the PostgreSQL database that it is lent is not met by the next."""

from __future__ import annotations

from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import MetaData, make_url

from clinic.access.actor import SYSTEM
from clinic.audit import AuditKeys, record
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from tests.fakes.clock import FakeClock
from tests.servers.lent import Lender
from tests.servers.postgresql import PostgreSQL

KEYS = {"audit_keys": AuditKeys(entry=bytes(32), pseudonym=bytes(32))}


@pytest.fixture
def lender(postgresql: PostgreSQL) -> Lender:
    """A lender that has lent nothing yet."""
    template = f"lent_{uuid4().hex}"
    postgresql.copy("migrated", to=template)
    return Lender(postgresql, template)


def connect(server: PostgreSQL, url: str) -> psycopg.Connection:
    return server.connect(make_url(url).database or "")


def number_of(server: PostgreSQL, url: str) -> object:
    """Return the number that a database keeps whatever it is called."""
    with connect(server, url) as connection:
        return connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()


def contents(url: str) -> dict[str, list[object]]:
    """Return the rows of every table."""
    database, found = Database(url), MetaData()
    with database.session() as session:
        found.reflect(session.connection())
        rows = {name: [*session.execute(table.select())] for name, table in found.tables.items()}
    database.dispose()
    return rows


def use(url: str, clock: FakeClock) -> None:
    """Leave a row that nobody may delete, and change and delete those that the migrations left."""
    database = Database(url, info=KEYS)
    with transaction(database) as session:
        record(session, actor=SYSTEM, clock=clock, action="note.read")
        session.connection().exec_driver_sql("UPDATE set_up_stamp SET stamp = gen_random_uuid()")
        session.connection().exec_driver_sql("DELETE FROM alembic_version")
    database.dispose()


def test_the_next_gets_the_same_database_with_the_rows_of_the_migrations(
    postgresql: PostgreSQL, lender: Lender, clock: FakeClock
) -> None:
    with lender.lend() as url:
        number, migrated = number_of(postgresql, url), contents(url)
        use(url, clock)
        assert contents(url) != migrated
    with lender.lend() as url:
        assert number_of(postgresql, url) == number
        assert contents(url) == migrated


def test_who_is_still_at_it_is_thrown_out_and_finds_nothing_of_the_next(
    postgresql: PostgreSQL, lender: Lender
) -> None:
    with lender.lend() as old:
        number, late = number_of(postgresql, old), connect(postgresql, old)
    with lender.lend() as url, late:
        assert number_of(postgresql, url) == number
        with pytest.raises(psycopg.OperationalError):
            late.execute("DELETE FROM alembic_version")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect(postgresql, old)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE appointment DROP CONSTRAINT ck_appointment_length",
        "ALTER TABLE appointment ALTER COLUMN starts_at DROP NOT NULL",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "DROP INDEX ix_audit_entry_at_id",
        "DROP TABLE alembic_version",
        "CREATE TABLE of_the_last_test (id integer)",
    ],
)
def test_a_changed_schema_is_not_lent_again(
    postgresql: PostgreSQL, lender: Lender, change: LiteralString
) -> None:
    with lender.lend() as url, connect(postgresql, url) as connection:
        number = number_of(postgresql, url)
        connection.execute(change)
    with lender.lend() as url:
        assert number_of(postgresql, url) != number
