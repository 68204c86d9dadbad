"""PostgreSQL databases lent to tests: emptied after each test, the next gets it under another name.

A copy of the migrated database is 640 new files, with nothing cached; to empty one takes a fifth of the time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg.sql import SQL, Identifier

from tests.servers.postgresql import PostgreSQL

# One line of each catalogue: a row that is added, changed or removed changes it; what VACUUM notes does not.
_SCHEMA = SQL(" UNION ALL ").join(
    SQL("SELECT count(*), max(xmin::text::bigint) FROM {}").format(Identifier(catalogue))
    for catalogue in (
        *("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger"),
        *("pg_proc", "pg_policy", "pg_rewrite", "pg_type", "pg_namespace", "pg_db_role_setting"),
    )
) + SQL(" UNION ALL SELECT count(*), sum(pg_sequence_last_value(seqrelid)) FROM pg_sequence")

# As a replica would apply it: neither the append-only triggers nor the foreign keys have a say.
_EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE one regclass; BEGIN
  FOR one IN SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
  LOOP EXECUTE format('DELETE FROM %s', one); END LOOP;
END $$"""
_TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""


class Lender:
    """Lends databases that are as the template, which nobody may change from now on."""

    def __init__(self, server: PostgreSQL, template: str) -> None:
        """Note the schema of the template and the rows its migrations left."""
        self._server, self._template = server, template
        self._returned = deque[str]()
        self._names = (f"{template}_{number}" for number in count())
        with server.connect(template) as connection:
            self._schema = connection.execute(_SCHEMA).fetchall()
            tables = [Identifier(name) for (name,) in connection.execute(_TABLES)]
            seeds = SQL("SELECT json_agg(seed)::text FROM {} AS seed")
            self._seeds = [(table, connection.execute(seeds.format(table)).fetchone()) for table in tables]

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Lend a database; its URL leads nowhere once the next test has it."""
        name = self._emptied() or self._copied()
        yield self._server.url(name)
        self._returned.append(name)

    def _copied(self) -> str:
        name = next(self._names)
        self._server.copy(self._template, to=name)
        return name

    def _emptied(self) -> str | None:
        """Return a database that was given back and is as new, if one can be made so."""
        while self._returned:
            old, name = self._returned.popleft(), next(self._names)
            try:
                # Renamed before it is emptied: whoever still has the old name can no longer write to it.
                self._server.rename(old, to=name)
            except (psycopg.errors.ObjectInUse, psycopg.errors.InvalidCatalogName):
                continue  # somebody came back in that moment, or the test has dropped it
            if self._empties(name):
                return name
            self._server.drop(name)
        return None

    def _empties(self, name: str) -> bool:
        with self._server.connect(name) as connection:
            if connection.execute(_SCHEMA).fetchall() != self._schema:
                return False
            connection.execute(_EMPTY)
            for table, rows in self._seeds:
                insert = SQL("INSERT INTO {0} SELECT * FROM json_populate_recordset(NULL::{0}, %s)")
                connection.execute(insert.format(table), rows)
        return True
