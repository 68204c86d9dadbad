"""What the worker does for the trail: chains it every second, signs its head every few minutes."""

from __future__ import annotations

import structlog

from clinic.audit import checkpoints, sealer
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.vault import Vault

_log = structlog.get_logger(__name__)


def seal_trail(database: Database) -> int:
    """Chain what was written since the last turn; return how many entries."""
    total = 0
    while True:
        with transaction(database) as session:
            sealed = sealer.seal(session)
        total += sealed
        if sealed < sealer.BATCH:
            return total


def sign_trail(database: Database, vault: Vault, clock: Clock) -> None:
    """Sign the head of the trail; the log line carries it to wherever logs are kept."""
    with transaction(database) as session:
        signed = checkpoints.write(session, vault=vault, clock=clock)
    if signed is not None:
        _log.info("audit_checkpoint", seq=signed.checkpoint.seq, note=signed.note)
