"""Key stores of both kinds, with the data store of each test beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from clinic.crypto.kdf import Cost
from clinic.db.engine import Database
from clinic.vault import keeping
from clinic.vault.key_store import create_store
from clinic.vault.keyring import Keyring
from clinic.vault.providers.passphrase import Passphrase
from clinic.vault.vault import Vault
from tests.fakes.clock import FakeClock
from tests.servers.postgresql import PostgreSQL

# As cheap as Argon2id goes; what it costs in earnest is not what these tests are about.
PASSPHRASE = Passphrase(b"correct horse battery staple", cost=Cost(memory_kib=64, passes=1, lanes=1))


Stores = Callable[[], Keyring]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of both stores, data and keys; the test runs once on each."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated data store as new."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "clinic.db")
        yield f"sqlite:///{tmp_path}/clinic.db"
    else:
        with request.getfixturevalue("migrated_postgresql").lend() as url:
            yield url


@pytest.fixture
def keys_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database for keys."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/keys/keys.db"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.create(f"vault_{uuid4().hex}")


@pytest.fixture
def another(keys_url: str, clock: FakeClock) -> Iterator[Stores]:
    """Open the keys once more, as another process does."""
    opened: list[Keyring] = []

    def open_again() -> Keyring:
        opened.append(Keyring(Database(keys_url, pool_size=2), PASSPHRASE, clock))
        return opened[-1]

    yield open_again
    for ring in opened:
        ring.store.dispose()


@pytest.fixture
def keyring(keys_url: str, clock: FakeClock) -> Iterator[Keyring]:
    """Keys with a first key-encrypting key."""
    ring = Keyring(create_store(keys_url), PASSPHRASE, clock)
    keeping.add_kek(ring)
    yield ring
    ring.store.dispose()


@pytest.fixture
def vault(keyring: Keyring, clock: FakeClock) -> Vault:
    """A vault on the keys of this test."""
    return Vault(keyring, clock)
