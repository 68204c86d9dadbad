"""Ways out of the clinic; the settings choose them."""

from __future__ import annotations

from clinic.config import Settings
from clinic.errors import ConfigurationError
from clinic.notifications.channels.console import ConsoleChannel
from clinic.notifications.channels.files import FileChannel, FileTexts
from clinic.notifications.channels.sms_gateway import GatewayChannel, gateway_from
from clinic.notifications.channels.smtp import SMTPChannel, default_sender, server_from
from clinic.notifications.ports import Channel, Letter, NotSent

_CONSOLE = "console:"


class NoChannel:
    """The way out of a production clinic without a mail server: letters wait, and are then given up."""

    def send(self, address: str, letter: Letter) -> None:
        """Take nothing."""
        raise NotSent("no_mail_server")


def channel_for(settings: Settings) -> Channel:
    """Return SMTP where SMTP_URL is set; else files, which would be a leak in production."""
    if settings.smtp_url == _CONSOLE:
        return _console(settings, "SMTP_URL")
    if settings.smtp_url:
        return SMTPChannel(server_from(settings))
    if settings.production:
        return NoChannel()
    return _files(settings)


def texts_for(settings: Settings) -> Channel | None:
    """Return the gateway where SMS_GATEWAY_URL is set, files in the demo; None where no texts are sent."""
    if not settings.sends_texts:
        return None
    if settings.sms_gateway_url == _CONSOLE:
        return _console(settings, "SMS_GATEWAY_URL")
    return GatewayChannel(gateway_from(settings)) if settings.sms_gateway_url else FileTexts(_files(settings))


def _files(settings: Settings) -> FileChannel:
    return FileChannel(settings.mail_dir, default_sender(settings))


def _console(settings: Settings, name: str) -> Channel:
    if settings.production:
        raise ConfigurationError(f"{name}={_CONSOLE} is for development only")
    return ConsoleChannel()
