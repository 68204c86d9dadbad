"""Fills a trail, and lays hands on one as somebody with the database's password could."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from clinic.access.actor import Actor, Role
from clinic.audit import record
from clinic.audit.sealer import seal_all
from clinic.audit.verification import Fault, Report, verify
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.ids import AccountId, new_id

ACTOR = Actor(account_id=AccountId(UUID(int=7)), roles=frozenset({Role.PRACTITIONER, Role.SUPERVISOR}))


def act(database: Database, clock: Clock, count: int = 1, patient_id: UUID | None = None) -> list[UUID]:
    """Commit `count` acts, each with its entry; return the entries' ids."""
    ids = []
    for _ in range(count):
        with transaction(database) as session:
            row = record(
                session,
                actor=ACTOR,
                clock=clock,
                action="note.read",
                patient_id=patient_id or new_id(),
                object_type="note",
                object_id=new_id(),
                purpose="TREAT",
            )
            ids.append(row.id)
    return ids


def chain(database: Database) -> int:
    """Seal everything."""
    with transaction(database) as session:
        return seal_all(session)


def tamper(database: Database, *statements: str) -> None:
    """Change the trail behind the application's back, triggers and foreign keys put aside."""
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            connection.exec_driver_sql("COMMIT")  # the pragma does nothing inside a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            for table in ("audit_entry", "audit_link", "audit_checkpoint"):
                for verb in ("update", "delete"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
        connection.invalidate()


def inspect(database: Database, public_keys: frozenset[bytes] = frozenset()) -> Report:
    """Verify the trail; checkpoints must be by one of `public_keys`."""
    with transaction(database) as session:
        return verify(session, public_keys=public_keys)


def faults(database: Database, public_keys: frozenset[bytes] = frozenset()) -> set[tuple[Fault, int]]:
    """Return what verification finds, by fault and link."""
    return {(finding.fault, finding.seq) for finding in inspect(database, public_keys).findings}
