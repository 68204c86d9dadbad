"""`clinic audit ...`: check the trail, and sign its head for keeping outside this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.audit import checkpoints, verification
from clinic.audit.entries import record
from clinic.audit.keys import SESSION_KEY, AuditKeys
from clinic.clock import SystemClock
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.vault import Vault, build_vault
from clinic.vault.cli import keys


@click.group("audit")
def audit() -> None:
    """Look after the trail of who did what."""


@audit.command("verify")
@click.option(
    "--checkpoint",
    "notes",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint kept outside this machine; may be given more than once.",
)
@click.pass_obj
def verify(settings: Settings, notes: tuple[Path, ...]) -> None:
    """Check every entry, link and checkpoint; ends with status 1 if something does not hold."""
    with _trail(settings, snapshot) as (session, vault):
        public_keys = vault.clinic_public_keys()
        try:
            witnesses = [checkpoints.read_note(note.read_text("utf-8"), public_keys) for note in notes]
        except ValueError as error:
            sys.exit(f"clinic: {error}")
        report = verification.verify(session, public_keys=public_keys, witnesses=witnesses)
    click.echo(f"{report.sealed} sealed, {report.unsealed} not sealed yet, {report.checkpoints} checkpoints")
    for finding in report.findings:
        place = f"link {finding.seq}" if finding.seq else "not sealed"
        click.echo(f"{finding.fault}: {place}, entry {finding.entry_id or '-'}", err=True)
    if not report.sound:
        sys.exit(1)


@audit.command("checkpoint")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file too.")
@click.pass_obj
def checkpoint(settings: Settings, output: Path | None) -> None:
    """Seal what is unsealed, sign the head of the trail, store it and print it as a signed note."""
    with _trail(settings, transaction) as (session, vault):
        signed = checkpoints.write(session, vault=vault, clock=SystemClock()) or checkpoints.newest(session)
    if signed is None:
        sys.exit("clinic: the trail is empty; there is nothing to sign")
    click.echo(signed.note, nl=False)
    if output is not None:
        output.write_text(signed.note, "utf-8")


@keys.result_callback()
@click.pass_obj
def record_key_act(settings: Settings, done: object) -> None:
    """Put into the trail what a `clinic keys` command has changed."""
    if isinstance(done, str):
        with _trail(settings, transaction) as (session, _):
            record(session, actor=SYSTEM, clock=SystemClock(), action=done, object_type="key")


@contextmanager
def _trail(
    settings: Settings, opened: Callable[[Database], AbstractContextManager[Session]]
) -> Iterator[tuple[Session, Vault]]:
    vault = build_vault(settings, SystemClock())
    database = Database(settings.database_url, info={SESSION_KEY: AuditKeys.of(vault)})
    try:
        with opened(database) as session:
            yield session, vault
    finally:
        database.dispose()
        vault.close()
