"""What every test may use: a fake clock, fresh migrated databases of both kinds, the application."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from clinic.app import build_parts, create_app
from clinic.audit import AuditKeys
from clinic.bus import EventBus
from clinic.config import Settings, settings_from
from clinic.db import migrations
from clinic.db.engine import Database, make_engine
from clinic.db.transaction import is_snapshot
from clinic.scheduling.rules.zones import use_packaged_zones
from clinic.scheduling.services.guarded import locks
from clinic.vault import Vault, build_vault, initialise
from tests.factories.identity import CHEAP_PASSWORDS
from tests.fakes.clock import FakeClock
from tests.servers.clinic import ClinicServer
from tests.servers.lent import Lender
from tests.servers.postgresql import PostgreSQL

# What is loaded stays: to look for dead cycles in it after every 700 new objects is a fifth of the suite.
gc.set_threshold(50_000, 20, 20)
use_packaged_zones()
# How long an example takes says more of the machine's other work than of the law that is tested.
hypothesis.settings.register_profile("clinic", deadline=None)
hypothesis.settings.load_profile("clinic")

# A thousand tests start an application each; its routes are parsed and compiled for the first.
_compile, _compiled = Rule.compile, dict[tuple[str, str, str], Rule]()


def _compile_once(rule: Rule) -> None:
    known = _compiled.setdefault((rule.rule, rule.endpoint, repr(rule.defaults)), rule)
    if known is rule:
        _compile(rule)
        return
    rule.arguments, rule._parts, rule._trace = known.arguments, known._parts, known._trace
    rule._converters, rule._build, rule._build_unknown = known._converters, known._build, known._build_unknown


Rule.compile = _compile_once  # type: ignore[method-assign,assignment]

# So are statements: a test's databases are new, but say the same to all of their kind.
_STATEMENTS = LRUCache[Any, Any](5_000)


def _as_its_kind(dialect: Dialect) -> int:
    return hash(type(dialect))


def _is_of_its_kind(dialect: Dialect, other: object) -> bool:
    return type(dialect) is type(other)


DefaultDialect.__hash__ = _as_its_kind  # type: ignore[method-assign,assignment]
DefaultDialect.__eq__ = _is_of_its_kind  # type: ignore[method-assign,assignment]


@event.listens_for(Engine, "engine_connect")
def _share_statements(connection: Connection) -> None:
    connection.engine._compiled_cache = _STATEMENTS


def pytest_collection_finish() -> None:
    """Leave what the tests begin with out of every later look for dead cycles."""
    gc.collect()
    gc.freeze()


@event.listens_for(Session, "do_orm_execute")
def _refuse_locks_in_snapshots(state: ORMExecuteState) -> None:
    """Refuse on SQLite, too, what PostgreSQL refuses: to lock rows in a transaction that only reads."""
    if getattr(state.statement, "_for_update_arg", None) is not None and is_snapshot(state.session):
        raise RuntimeError("a snapshot locked rows")


_lock = locks._lock


def _lock_outside_snapshots(session: Session, statement: Any, **asked: object) -> None:
    if is_snapshot(session):  # on SQLite no statement says so: one writer needs no locks
        raise RuntimeError("a snapshot locked rows")
    _lock(session, statement, **asked)


locks._lock = _lock_outside_snapshots


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at 2026-11-22 09:00 UTC, a Sunday."""
    return FakeClock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A real server with a migrated template database.

    It runs as another user, hence not below pytest's own folder, which every session closes to others.
    """
    folder = Path(tempfile.mkdtemp(prefix="sakina-postgresql-"))
    folder.chmod(0o755)
    server = PostgreSQL(folder / "cluster")
    try:
        server.execute("CREATE DATABASE migrated")
        engine = make_engine(server.url("migrated"))
        migrations.upgrade(engine)
        engine.dispose()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: PostgreSQL) -> Lender:
    """A lender of migrated PostgreSQL databases."""
    return Lender(postgresql, "migrated")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database as new; the test runs once on each kind."""
    if request.param == "postgresql":
        with request.getfixturevalue("migrated_postgresql").lend() as url:
            yield url
    else:
        path = tmp_path / "clinic.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> ClinicServer:
    """The demo clinic on embedded SQLite, not started: made once for all workers, for others to copy."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    server = ClinicServer(folder / "demo", extra={"CLINIC_DEMO": "1"})
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.folder.exists():
            server.folder.mkdir()
            server.run("init")
    return server


@pytest.fixture
def bus() -> EventBus:
    """A bus without subscribers."""
    return EventBus()


@pytest.fixture
def database(database_url: str, bus: EventBus) -> Iterator[Database]:
    """A fresh migrated database; the test runs once on SQLite and once on PostgreSQL."""
    keys = AuditKeys(entry=bytes(32), pseudonym=bytes(range(32)))
    database = Database(database_url, bus=bus, info={"audit_keys": keys})
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def made_clinic(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """The data folder of a clinic with its keys and a migrated SQLite file, to copy."""
    folder = tmp_path_factory.mktemp("made") / "var"
    (folder / "data").mkdir(parents=True)
    shutil.copy(migrated_sqlite, folder / "data" / "clinic.db")
    settings = _settings_in(folder)
    initialise(settings, FakeClock())
    parts = build_parts(settings, FakeClock())  # makes the keys that every process asks for
    parts.database.dispose()
    parts.vault.close()
    return folder


@pytest.fixture
def settings(tmp_path: Path, made_clinic: Path) -> Settings:
    """Settings of a clinic in a temporary folder, on embedded SQLite."""
    return _settings_in(shutil.copytree(made_clinic, tmp_path / "var"))


def _settings_in(folder: Path) -> Settings:
    return settings_from(
        {"DATA_DIR": str(folder), "CLINIC_SECRET_KEY": "0" * 64, "CLINIC_MEDIA_LOOPBACK": "1"}
    )


@pytest.fixture
def vault(settings: Settings, clock: FakeClock) -> Iterator[Vault]:
    """The vault of the clinic in `settings`, on the fake clock."""
    vault = build_vault(settings, clock)
    yield vault
    vault.close()


@pytest.fixture
def app(settings: Settings, clock: FakeClock) -> Flask:
    """The application on embedded SQLite, the fake clock and cheap passwords."""
    return create_app(settings, clock=clock, passwords=CHEAP_PASSWORDS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()
