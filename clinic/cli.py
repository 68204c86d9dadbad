"""The command line: `clinic <group> <command>`; the groups live in their slices.

Nothing of the clinic is loaded before a command that needs it is asked for: `media` needs none of it, and
`web` becomes the web server, which loads it itself.
"""

from __future__ import annotations

import os
import sys

import click

from clinic.config import Settings, settings_from
from clinic.errors import ConfigurationError
from clinic.supervision import processes
from clinic.supervision.hardening import harden_process
from clinic.video.cli import media


class _Commands(click.Group):
    """Knows all commands; says in one sentence what is wrong with settings or keys, instead of a trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a ConfigurationError ends it with status 1."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            sys.exit(f"clinic: {error}")

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *_of_the_clinic()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command `cmd_name`, if there is one."""
        return super().get_command(ctx, cmd_name) or _of_the_clinic().get(cmd_name)


def _of_the_clinic() -> dict[str, click.Command]:
    from clinic.supervision.cli import COMMANDS

    return {str(command.name): command for command in COMMANDS}


@click.group(cls=_Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Run and look after a Sakina clinic."""
    harden_process()
    context.obj = settings_from(os.environ)


main.add_command(media)


@main.command()
@click.pass_obj
def web(settings: Settings) -> None:
    """Serve pages, the API and sockets on loopback."""
    command = processes.web_command(settings)
    os.execv(command[0], list(command))
