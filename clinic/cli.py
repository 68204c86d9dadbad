"""The command line: `clinic <group> <command>`; the groups live in their slices."""

from __future__ import annotations

import os
import sys

import click

from clinic.config import Settings, settings_from
from clinic.errors import ConfigurationError


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Run and look after a Sakina clinic."""
    try:
        context.obj = settings_from(os.environ)
    except ConfigurationError as error:
        sys.exit(f"clinic: {error}")


@main.group("db")
def database_group() -> None:
    """Look after the data store's schema."""


@database_group.command("upgrade")
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """Migrate to the schema that this version needs."""
    from clinic.db import migrations
    from clinic.db.engine import make_engine

    migrations.upgrade(make_engine(settings.database_url))
    click.echo(f"data store at {migrations.head()}")


@database_group.command("check")
@click.pass_obj
def check(settings: Settings) -> None:
    """Say whether the schema is the one that this version needs."""
    from clinic.db import migrations
    from clinic.db.engine import make_engine

    current, head = migrations.current(make_engine(settings.database_url)), migrations.head()
    if current != head:
        sys.exit(f"data store at {current}, this version needs {head}: run `clinic db upgrade`")
    click.echo(f"data store at {head}")
