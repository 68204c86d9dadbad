"""The database of the keys: opened apart from the data, made once by `clinic keys init`.

Its tables are made whole and versioned by one row instead of by migrations (decision 0001): they are few,
they must stay readable by old releases during a restore, and no key may depend on a migration's luck.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import make_url

from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import ConfigurationError
from clinic.vault.key_tables import KeyBase, StoreVersion

VERSION = 1


def open_store(url: str) -> Database:
    """Return the key store at `url`; raises ConfigurationError unless `clinic keys init` has made it."""
    _refuse_missing_file(url)
    store = Database(url, pool_size=5)
    try:
        _check_version(store)
    except ConfigurationError:
        store.dispose()
        raise
    return store


def create_store(url: str) -> Database:
    """Return the key store at `url`, made if need be; a SQLite file is its owner's alone."""
    path = _file(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    store = Database(url, pool_size=5)
    with store.engine.begin() as connection:
        KeyBase.metadata.create_all(connection)
    with transaction(store) as session:
        if session.scalar(select(StoreVersion.version)) is None:
            session.add(StoreVersion(version=VERSION))
    _check_version(store)
    return store


def _check_version(store: Database) -> None:
    with store.engine.connect() as connection:
        if not inspect(connection).has_table(StoreVersion.__tablename__):
            raise ConfigurationError("the key store is empty: run `clinic keys init`")
        found = connection.scalar(select(StoreVersion.version))
    if found != VERSION:
        raise ConfigurationError(f"the key store has version {found}, this release reads {VERSION}")


def _refuse_missing_file(url: str) -> None:
    """Refuse a SQLite path without a file, which SQLite would create empty."""
    path = _file(url)
    if path is not None and not path.exists():
        raise ConfigurationError(f"there is no key store at {path}: run `clinic keys init` or restore it")


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None
