"""The one commit place: entered by a route, socket event, command or task, and nowhere else.

Order: act -> before-commit subscribers -> commit -> after-commit subscribers. A `Refused` rolls the act
back and commits its audit entry in a second short transaction before the error leaves; a refusal that
cannot be written down becomes `Unavailable`, so that nothing is refused without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session

from clinic.db.engine import READ_ONLY, READ_ONLY_OPTION, Database
from clinic.errors import Refused, Unavailable

_log = structlog.get_logger(__name__)


@contextmanager
def transaction(database: Database) -> Iterator[Session]:
    """Yield a session whose work commits whole or not at all; raises what the act raises."""
    session = database.session()
    try:
        yield session
        delivered = database.bus.deliver_before(session)
        session.commit()
    except Refused as refusal:
        session.rollback()
        _commit_entry(database, refusal.entry)
        raise refusal.error from None
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    database.bus.deliver_after(delivered)


def _commit_entry(database: Database, entry: object) -> None:
    session = database.session()
    try:
        session.add(entry)
        session.commit()
    except SQLAlchemyError as error:
        session.rollback()
        _log.error("refusal_not_recorded", error_type=type(error).__name__)
        raise Unavailable("audit_unavailable") from error
    finally:
        session.close()


@contextmanager
def audited_read(database: Database) -> Iterator[Session]:
    """Yield a session for a GET: its audit entries commit at exit, before the body is made.

    Whatever else it would write is refused, so that a GET leaves nothing but its trace.
    """
    with transaction(database) as session:
        event.listen(session, "before_flush", _refuse_other_rows)
        event.listen(session, "do_orm_execute", _refuse_statements)
        yield session


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """Yield a session that reads one consistent state, takes no write lock and is rolled back at exit."""
    session = database.session()
    try:
        session.connection(execution_options=READ_ONLY[database.dialect])
        yield session
    finally:
        session.rollback()
        session.close()


def is_snapshot(session: Session) -> bool:
    """Tell whether `session` is a snapshot: what it sees is committed, and it writes nothing."""
    return bool(session.connection().get_execution_options().get(READ_ONLY_OPTION))


def _refuse_other_rows(session: Session, _context: object, _instances: object) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if getattr(row, "__tablename__", "") != "audit_entry" and session.is_modified(row):
            raise RuntimeError(f"a read wrote {type(row).__name__}")


def _refuse_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a read wrote through a statement")
