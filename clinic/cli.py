"""The command line: `clinic <group> <command>`; the groups live in their slices."""

from __future__ import annotations

import os
import sys

import click

from clinic.app import build_parts
from clinic.audit.cli import audit
from clinic.clock import SystemClock
from clinic.config import Settings, settings_from
from clinic.db import migrations
from clinic.db.engine import make_engine
from clinic.db.transaction import snapshot
from clinic.demo import loading
from clinic.errors import ConfigurationError
from clinic.identity.cli import users
from clinic.identity.services import staffing
from clinic.supervision import doctor as examination
from clinic.supervision import processes
from clinic.vault import harden_process, initialise
from clinic.vault.cli import keys
from clinic.video.cli import media
from clinic.web import logs


class _Commands(click.Group):
    """Says in one sentence what is wrong with the settings or keys, instead of a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a ConfigurationError ends it with status 1."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            sys.exit(f"clinic: {error}")


@click.group(cls=_Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Run and look after a Sakina clinic."""
    harden_process()
    context.obj = settings_from(os.environ)


for command in (keys, audit, users, media):
    main.add_command(command)


@main.command()
@click.pass_obj
def up(settings: Settings) -> None:
    """Run everything: the release step, then web, media and worker, restarted when they die."""
    release(settings)
    sys.exit(processes.serve_until_interrupted(settings, lambda: announce(settings)))


@main.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Make keys where there are none and migrate: the release step of `clinic up` on its own."""
    release(settings)


@main.command()
@click.pass_obj
def web(settings: Settings) -> None:
    """Serve pages, the API and sockets on loopback."""
    command = processes.web_command(settings)
    os.execv(command[0], list(command))


@main.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Seal the audit trail and whatever else no request waits for, until told to stop."""
    from clinic.supervision import worker as process

    logs.configure()
    process.run(settings)


def release(settings: Settings) -> None:
    """Bring data store, keys and (in demo mode) people to what this version needs; safe to run again."""
    initialise(settings, SystemClock())
    engine = make_engine(settings.database_url)
    migrations.upgrade(engine)
    engine.dispose()
    if settings.demo:
        loading.load(build_parts(settings, SystemClock()))


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


@main.group("demo")
def demo_group() -> None:
    """Try the clinic out with invented people."""


@demo_group.command("load")
@click.option("--scale", type=click.IntRange(1, 50), default=1, help="Multiply the patients.")
@click.pass_obj
def load(settings: Settings, scale: int) -> None:
    """Load the demo clinic where there is none; refuses outside demo mode."""
    click.echo(loading.load(build_parts(settings, SystemClock()), scale=scale).sentence)


@main.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Look at the installation and say what is wrong; ends with 1 when somebody has to act."""
    findings = list(examination.examine(settings))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'act '} {finding.sentence}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@main.group("db")
def database_group() -> None:
    """Look after the data store's schema."""


@database_group.command("upgrade")
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """Migrate to the schema that this version needs."""
    migrations.upgrade(make_engine(settings.database_url))
    click.echo(f"data store at {migrations.head()}")


@database_group.command("check")
@click.pass_obj
def check(settings: Settings) -> None:
    """Say whether the schema is the one that this version needs."""
    current, head = migrations.current(make_engine(settings.database_url)), migrations.head()
    if current != head:
        sys.exit(f"data store at {current}, this version needs {head}: run `clinic db upgrade`")
    click.echo(f"data store at {head}")
