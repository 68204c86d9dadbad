"""`clinic keys ...`: make, rotate, rewrap, check and sweep the clinic's keys (docs/operations.md).

A command that changed keys returns what it did as a code; `clinic.audit.cli` puts that into the trail.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from uuid import UUID

import click
from sqlalchemy import column, select, table
from sqlalchemy import types as t

from clinic.clock import SystemClock
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.vault import keeping, opening, sweep

_CHUNK = 500


@click.group("keys")
def keys() -> None:
    """Look after the keys that the clinic's data is sealed with."""


@keys.command("init")
@click.pass_obj
def init(settings: Settings) -> None:
    """Make the key store, the root key and the first key where there are none."""
    made = opening.initialise(settings, SystemClock())
    click.echo("keys made" if made else "keys are in place")
    if made and settings.root_key_passphrase_file is None:
        click.echo(
            f"Copy {settings.root_key_file} to paper and lock it away: without it nothing can be read."
        )


@keys.command("rotate")
@click.pass_obj
def rotate(settings: Settings) -> str:
    """Make a new clinic key the active one; `clinic keys rewrap` then moves the data keys to it."""
    version = keeping.add_kek(opening.open_keyring(settings, SystemClock()))
    click.echo(f"version {version} is active")
    return "key.rotate"


@keys.command("rewrap")
@click.pass_obj
def rewrap(settings: Settings) -> str:
    """Wrap every data key under the active clinic key, then destroy the clinic keys that nobody needs."""
    keyring = opening.open_keyring(settings, SystemClock())
    total = 0
    while done := keeping.rewrap(keyring):
        total += done
    click.echo(f"{total} data keys rewrapped, {keeping.retire_keks(keyring)} clinic keys destroyed")
    return "key.rewrap"


@keys.command("verify")
@click.pass_obj
def verify(settings: Settings) -> None:
    """Open every key; ends with status 1 if one does not open."""
    health = keeping.check(opening.open_keyring(settings, SystemClock()))
    click.echo(f"{health.keks} clinic keys, {health.deks} data keys, {len(health.broken)} broken")
    for name in health.broken:
        click.echo(f"does not open: {name}", err=True)
    if health.broken:
        sys.exit(1)


@keys.command("sweep")
@click.option("--destroy", is_flag=True, help="Destroy them; otherwise they are only counted.")
@click.pass_obj
def sweep_orphans(settings: Settings, destroy: bool) -> str | None:
    """Find keys that were made for patients whose registration then failed."""
    keyring = opening.open_keyring(settings, SystemClock())
    data = Database(settings.database_url)
    found = sweep.orphans(keyring, lambda ids: _known_patients(data, ids))
    data.dispose()
    done = sweep.destroy(keyring, found) if destroy else 0
    click.echo(f"{len(found)} orphan keys, {done} destroyed")
    return "key.destroy" if done else None


def _known_patients(data: Database, ids: Collection[UUID]) -> set[UUID]:
    """Return those of `ids` that are patients; a data store without any patient is not ours."""
    patient = table("patient", column("id", t.Uuid()))
    known: set[UUID] = set()
    wanted = list(ids)
    with snapshot(data) as session:
        if session.scalar(select(patient.c.id).limit(1)) is None:
            sys.exit("clinic: the data store holds no patients; nothing was swept")
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            known |= set(session.scalars(select(patient.c.id).where(patient.c.id.in_(part))))
    return known
