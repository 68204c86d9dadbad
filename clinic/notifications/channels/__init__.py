"""Ways out of the clinic; the settings choose one."""

from __future__ import annotations

import sys

from clinic.config import Settings
from clinic.notifications.channels.console import ConsoleChannel
from clinic.notifications.channels.smtp import SMTPChannel, server_from
from clinic.notifications.ports import Channel, Letter, NotSent


class NoChannel:
    """The way out of a production clinic without a mail server: letters wait, and are then given up."""

    def send(self, address: str, letter: Letter) -> None:
        """Take nothing."""
        raise NotSent("no_mail_server")


def channel_for(settings: Settings) -> Channel:
    """Return SMTP where SMTP_URL is set; else the console, which would be a leak in production."""
    if settings.smtp_url:
        return SMTPChannel(server_from(settings))
    return NoChannel() if settings.production else ConsoleChannel(sys.stdout)
