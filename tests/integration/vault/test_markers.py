"""What was sealed is nowhere in clear: not in the databases, their logs, our logs or temporary files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table, insert

from clinic.audit import SESSION_KEY, AuditKeys, record
from clinic.clock import Clock
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.vault import Vault, build_vault
from tests.fakes.clock import FakeClock
from tests.integration.audit.trail import ACTOR
from tests.integration.vault.content import BINDING, clearance

MARKER = "marker-7d41c0-الأرق"
SHELF = Table("marker_shelf", MetaData(), Column("blob", LargeBinary))


@pytest.fixture
def vault(settings: Settings, clock: FakeClock) -> Iterator[Vault]:
    """The vault of a clinic on files, with a root key file as in a real installation."""
    opened = build_vault(settings, clock)
    yield opened
    opened.close()


def _use(settings: Settings, vault: Vault, clock: Clock) -> Database:
    """Seal, store, open and record, and leave the database open so that its log is still there."""
    database = Database(settings.database_url, info={SESSION_KEY: AuditKeys.of(vault)})
    with database.engine.begin() as connection:
        SHELF.create(connection)
    with transaction(database) as session:
        blob = vault.seal(session, binding=BINDING, plaintext=MARKER.encode() * 20)
        session.execute(insert(SHELF).values(blob=blob))
        session.execute(insert(SHELF).values(blob=vault.fields.seal(BINDING.patient_id, "name", MARKER)))
        record(session, actor=ACTOR, clock=clock, action="note.read", patient_id=BINDING.patient_id)
        opened = vault.open(session, clearance(clock.now()), binding=BINDING, blob=blob)
        assert MARKER.encode() in opened
    return database


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_no_file_holds_what_was_sealed(
    settings: Settings, vault: Vault, clock: FakeClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    database = _use(settings, vault, clock)
    found = _files(tmp_path)
    names = {path.name for path in found}
    assert {"clinic.db", "clinic.db-wal", "keys.db", "keys.db-wal", "root.key"} <= names
    for path in found:
        assert MARKER.encode() not in path.read_bytes(), path
    database.dispose()


def test_a_file_that_holds_the_marker_would_be_found(
    settings: Settings, vault: Vault, clock: FakeClock, tmp_path: Path
) -> None:
    """The search itself works: a value stored in clear is found, in the log already."""
    database = _use(settings, vault, clock)
    with transaction(database) as session:
        session.execute(insert(SHELF).values(blob=MARKER.encode()))
    assert any(MARKER.encode() in path.read_bytes() for path in _files(tmp_path))
    database.dispose()


def test_the_key_store_holds_no_key_in_clear(
    settings: Settings, vault: Vault, clock: FakeClock, tmp_path: Path
) -> None:
    database = _use(settings, vault, clock)
    secrets = [
        vault._keyring.active("general", BINDING.patient_id).secret,
        vault.clinic_secret("audit_entry"),
        bytes.fromhex(settings.root_key_file.read_text().split(":")[1]),
        *vault._keyring._keks.values(),
    ]
    for path in _files(tmp_path):
        for secret in secrets:
            assert secret not in path.read_bytes(), path
    database.dispose()
