"""Ways out of the clinic; the settings choose one."""

from __future__ import annotations

from clinic.config import Settings
from clinic.notifications.channels.files import FileChannel
from clinic.notifications.channels.smtp import SMTPChannel, default_sender, server_from
from clinic.notifications.ports import Channel, Letter, NotSent


class NoChannel:
    """The way out of a production clinic without a mail server: letters wait, and are then given up."""

    def send(self, address: str, letter: Letter) -> None:
        """Take nothing."""
        raise NotSent("no_mail_server")


def channel_for(settings: Settings) -> Channel:
    """Return SMTP where SMTP_URL is set; else files, which would be a leak in production."""
    if settings.smtp_url:
        return SMTPChannel(server_from(settings))
    if settings.production:
        return NoChannel()
    return FileChannel(settings.mail_dir, default_sender(settings))
