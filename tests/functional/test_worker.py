"""The worker process chains the trail within seconds and ends when it is told to."""

from __future__ import annotations

import json
import time
from pathlib import Path

from sqlalchemy import func, select

from clinic.audit import SESSION_KEY, AuditKeys
from clinic.audit.models import AuditCheckpoint, AuditLink
from clinic.clock import SystemClock
from clinic.config import settings_from
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.vault import build_vault
from tests.integration.audit.trail import act
from tests.servers.clinic import ClinicServer


def _chained(database: Database) -> tuple[int, int]:
    with snapshot(database) as session:
        links = session.scalar(select(func.count()).select_from(AuditLink)) or 0
        return links, session.scalar(select(func.count()).select_from(AuditCheckpoint)) or 0


def test_entries_are_chained_while_the_worker_runs(tmp_path: Path) -> None:
    server = ClinicServer(tmp_path)
    server.run("init")
    settings = settings_from({"DATA_DIR": str(tmp_path / "var")})
    vault = build_vault(settings, SystemClock())
    database = Database(settings.database_url, info={SESSION_KEY: AuditKeys.of(vault)})
    act(database, SystemClock(), count=2)
    server.start("worker")
    try:
        deadline = time.monotonic() + 20
        while _chained(database) != (2, 1) and time.monotonic() < deadline:
            time.sleep(0.1)
        act(database, SystemClock(), count=3)
        while _chained(database)[0] != 5 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _chained(database) == (5, 1)
    finally:
        server.stop()
    (line,) = [line for line in server.log("worker").splitlines() if "audit_checkpoint" in line]
    assert json.loads(line)["note"].startswith("sakina-audit\n2\n")
    assert "5 sealed, 0 not sealed yet, 1 checkpoints" in server.run("audit", "verify")
    database.dispose()
    vault.close()
