"""`clinic media`: the process that echoes device tests and will carry group rooms."""

from __future__ import annotations

import click

from clinic.config import Settings


@click.command("media")
@click.pass_obj
def media(settings: Settings) -> None:
    """Run the media process; it needs no database and no key."""
    from clinic.video.media.process import run
    from clinic.web import logs

    logs.configure()
    run(settings.media_socket, loopback=settings.media_loopback)
