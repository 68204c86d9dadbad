"""Withdrawal holds at once: what starts to open after its commit is refused, under any load."""

from __future__ import annotations

import threading
import time

from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.vault import ClearanceRefused, Vault
from tests.fakes.clock import FakeClock
from tests.integration.vault.content import BINDING, PATIENT, TEXT, clearance

READERS = 6
OPENS = 150


def test_nothing_opens_after_a_withdrawal_has_committed(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    with transaction(database) as session:
        blob = vault.seal(session, binding=BINDING, plaintext=TEXT)
    holds = clearance(clock.now())
    opened: list[float] = []
    refused: list[float] = []
    warm = threading.Barrier(READERS + 1)

    def read() -> None:
        for turn in range(OPENS):
            if turn == OPENS // 3:
                warm.wait()
            started = time.monotonic()
            try:
                with snapshot(database) as session:
                    vault.open(session, holds, binding=BINDING, blob=blob)
                opened.append(started)
            except ClearanceRefused:
                refused.append(started)

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    warm.wait()
    with transaction(database) as session:
        vault.bump_epoch(session, PATIENT)
    withdrawn = time.monotonic()
    for thread in threads:
        thread.join()
    assert len(opened) + len(refused) == READERS * OPENS
    assert opened
    assert refused
    assert max(opened) < withdrawn
