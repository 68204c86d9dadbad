"""The commands that run and examine a whole clinic; with those of the slices, all but `web` and `media`."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Engine

from clinic.app import build_parts
from clinic.audit.cli import audit
from clinic.clock import SystemClock
from clinic.config import Settings
from clinic.db import revision
from clinic.db.engine import make_engine
from clinic.db.transaction import snapshot
from clinic.demo import loading
from clinic.identity.cli import users
from clinic.identity.services import staffing
from clinic.supervision import doctor as examination
from clinic.supervision import processes
from clinic.supervision import worker as working
from clinic.vault import initialise
from clinic.vault.cli import keys
from clinic.web import logs


@click.command()
@click.pass_obj
def up(settings: Settings) -> None:
    """Run everything: the release step, then web, media and worker, restarted when they die."""
    release(settings)
    sys.exit(processes.serve_until_interrupted(settings, lambda: announce(settings)))


@click.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Make keys where there are none and migrate: the release step of `clinic up` on its own."""
    release(settings)


@click.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Seal the audit trail and whatever else no request waits for, until told to stop."""
    logs.configure()
    working.run(settings)


def release(settings: Settings) -> None:
    """Bring data store, keys and (in demo mode) people to what this version needs; safe to run again."""
    initialise(settings, SystemClock())
    engine = make_engine(settings.database_url)
    _migrate(engine)
    engine.dispose()
    if settings.demo:
        loading.load(build_parts(settings, SystemClock()))


def _migrate(engine: Engine) -> None:
    from clinic.db import migrations  # Alembic, which no process that serves people needs

    migrations.upgrade(engine)


def announce(settings: Settings) -> None:
    """Say where the clinic can be reached, and in demo mode as whom."""
    click.echo(f"Sakina is ready: {settings.base_url}   (Ctrl-C ends it)")
    if not settings.demo and not _has_admin(settings):
        click.echo("Nobody can set the clinic up yet: clinic users create-admin YOU@CLINIC --name NAME")
    if settings.demo:
        click.echo(
            f"Demo sign-ins: patient@demo.invalid, therapist@demo.invalid; password {loading.PASSWORD}"
        )


def _has_admin(settings: Settings) -> bool:
    """Tell whether somebody administers the clinic."""
    parts = build_parts(settings, SystemClock())
    with snapshot(parts.database) as session:
        return bool(staffing.admins(session, lock=False))


@click.group("demo")
def demo_group() -> None:
    """Try the clinic out with invented people."""


@demo_group.command("load")
@click.option("--scale", type=click.IntRange(1, 50), default=1, help="Multiply the patients.")
@click.pass_obj
def load(settings: Settings, scale: int) -> None:
    """Load the demo clinic where there is none; refuses outside demo mode."""
    click.echo(loading.load(build_parts(settings, SystemClock()), scale=scale).sentence)


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Look at the installation and say what is wrong; ends with 1 when somebody has to act."""
    findings = list(examination.examine(settings))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'act '} {finding.sentence}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@click.group("db")
def database_group() -> None:
    """Look after the data store's schema."""


@database_group.command("upgrade")
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """Migrate to the schema that this version needs."""
    _migrate(make_engine(settings.database_url))
    click.echo(f"data store at {revision.head()}")


@database_group.command("check")
@click.pass_obj
def check(settings: Settings) -> None:
    """Say whether the schema is the one that this version needs."""
    current, head = revision.current(make_engine(settings.database_url)), revision.head()
    if current != head:
        sys.exit(f"data store at {current}, this version needs {head}: run `clinic db upgrade`")
    click.echo(f"data store at {head}")


COMMANDS = (audit, database_group, demo_group, doctor, init, keys, up, users, worker)
