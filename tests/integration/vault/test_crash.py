"""A process killed between the key's commit and the data's loses nothing that was acknowledged."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.vault import Vault
from clinic.vault.keyring import Keyring
from tests.fakes.clock import FakeClock
from tests.integration.vault.conftest import PASSPHRASE, Stores
from tests.integration.vault.content import BINDING, TEXT, clearance
from tests.servers.forks import Fork

SHELF = Table("crash_shelf", MetaData(), Column("id", Integer, primary_key=True), Column("blob", LargeBinary))


def seal_and_die(line: Connection, data_url: str, keys_url: str, moment: str) -> None:
    """Run in a process of its own: seal, then end by SIGKILL before or after the data's commit."""
    clock: Clock = FakeClock()
    vault = Vault(Keyring(Database(keys_url), PASSPHRASE, clock), clock)
    database = Database(data_url)
    with transaction(database) as session:
        blob = vault.seal(session, binding=BINDING, plaintext=TEXT)
        session.execute(insert(SHELF).values(blob=blob))
        session.flush()
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    line.send("acknowledged")
    os.kill(os.getpid(), signal.SIGKILL)


def _run(database_url: str, keys_url: str, moment: str) -> list[str]:
    child = Fork(seal_and_die, database_url, keys_url, moment)
    said = [*child.said()]
    assert child.end() == -signal.SIGKILL
    return said


@pytest.mark.parametrize("moment", ["before", "after"])
def test_whatever_was_acknowledged_opens_after_a_crash(
    database: Database,
    database_url: str,
    keys_url: str,
    keyring: Keyring,
    another: Stores,
    clock: FakeClock,
    moment: str,
) -> None:
    with database.engine.begin() as connection:
        SHELF.create(connection)
    acknowledged = _run(database_url, keys_url, moment)
    survivor = Vault(another(), clock)
    with transaction(database) as session:
        blobs = session.scalars(select(SHELF.c.blob)).all()
        assert len(blobs) == (1 if acknowledged else 0) == (1 if moment == "after" else 0)
        blobs = [*blobs, survivor.seal(session, binding=BINDING, plaintext=TEXT)]
        for blob in blobs:
            assert survivor.open(session, clearance(clock.now()), binding=BINDING, blob=blob) == TEXT
    assert len(keyring.all_of("general", BINDING.patient_id)) == 1
