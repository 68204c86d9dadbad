"""`clinic audit ...` on the files of a clinic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clinic.audit import SESSION_KEY, AuditKeys
from clinic.audit.cli import audit
from clinic.audit.queries import entries
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.vault import Vault
from clinic.vault.cli import keys
from tests.fakes.clock import FakeClock
from tests.integration.audit.trail import act, tamper

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Run a command of the group on the clinic of `settings`."""
    return lambda *arguments: CliRunner().invoke(audit, arguments, obj=settings)


@pytest.fixture
def trail(settings: Settings, vault: Vault) -> Iterator[Database]:
    """The clinic's data store."""
    database = Database(settings.database_url, info={SESSION_KEY: AuditKeys.of(vault)})
    yield database
    database.dispose()


def test_an_empty_trail_has_nothing_to_sign(run: Run) -> None:
    assert run("checkpoint").exit_code == 1
    assert run("verify").output == "0 sealed, 0 not sealed yet, 0 checkpoints\n"


def test_a_checkpoint_is_printed_kept_and_checked(
    run: Run, trail: Database, clock: FakeClock, tmp_path: Path
) -> None:
    act(trail, clock, count=3)
    note = tmp_path / "checkpoint.txt"
    printed = run("checkpoint", "--output", str(note)).output
    assert printed == note.read_text("utf-8")
    assert run("checkpoint").output == printed
    act(trail, clock)
    result = run("verify", "--checkpoint", str(note))
    assert (result.exit_code, result.output) == (0, "3 sealed, 1 not sealed yet, 2 checkpoints\n")


def test_verify_names_what_does_not_hold(run: Run, trail: Database, clock: FakeClock, tmp_path: Path) -> None:
    act(trail, clock, count=3)
    note = tmp_path / "checkpoint.txt"
    run("checkpoint", "--output", str(note))
    tamper(
        trail,
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_link WHERE seq = 3",
        "UPDATE audit_entry SET action = 'x' WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 1)",
    )
    result = run("verify", "--checkpoint", str(note))
    assert result.exit_code == 1
    assert "edited: link 1" in result.output
    assert "cut: link 3" in result.output


def test_what_was_done_to_keys_is_in_the_trail(
    run: Run, trail: Database, vault: Vault, settings: Settings
) -> None:
    for command in ("rotate", "rewrap", "verify", "init"):
        assert CliRunner().invoke(keys, [command], obj=settings).exit_code == 0
    with snapshot(trail) as session:
        rows = entries(session, limit=10)
        assert [(row.action, row.actor_role) for row in rows] == [
            ("key.rewrap", "system"),
            ("key.rotate", "system"),
        ]
    assert run("verify").exit_code == 0


def test_refuses_a_checkpoint_that_is_none(run: Run, tmp_path: Path) -> None:
    note = tmp_path / "checkpoint.txt"
    note.write_text("nothing")
    result = run("verify", "--checkpoint", str(note))
    assert result.exit_code == 1
    assert "not a checkpoint" in str(result.exception or "") + result.output
