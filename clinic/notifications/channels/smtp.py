"""Letters by SMTP: always encrypted on the way, except to a server on this very machine.

SMTP_URL is `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465`; `?from=` names
the sender where it is not the user.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from clinic.config import Settings
from clinic.errors import ConfigurationError
from clinic.notifications.channels.address import has_port
from clinic.notifications.channels.message import message_of
from clinic.notifications.ports import Letter, NotSent

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    sender: str
    user: str | None
    password: str | None = field(repr=False)
    implicit_tls: bool


def server_from(settings: Settings) -> Server:
    """Read SMTP_URL; raises ConfigurationError when it is no such address."""
    url = urlsplit(settings.smtp_url)
    if url.scheme not in {"smtp", "smtps"} or not url.hostname or not has_port(url):
        raise ConfigurationError(
            "SMTP_URL is smtp://user:password@host:587 or smtps://user:password@host:465"
        )
    user = unquote(url.username) if url.username else None
    named = parse_qs(url.query).get("from", [user if user and "@" in user else None])[0]
    return Server(
        host=url.hostname,
        port=url.port or (465 if url.scheme == "smtps" else 587),
        sender=named or default_sender(settings),
        user=user,
        password=unquote(url.password) if url.password else None,
        implicit_tls=url.scheme == "smtps",
    )


def default_sender(settings: Settings) -> str:
    """Return who writes where nobody is named."""
    return f"no-reply@{urlsplit(settings.base_url).hostname}"


class SMTPChannel:
    """Fulfils `ports.Channel`; one connection a letter, since few are sent and servers hang up."""

    def __init__(self, server: Server, *, tls: ssl.SSLContext | None = None) -> None:
        """Hand over to `server`; certificates are checked against the machine's store unless `tls` says."""
        self._server = server
        self._tls = tls or ssl.create_default_context()

    def send(self, address: str, letter: Letter) -> None:
        """Hand the letter over; raises NotSent."""
        try:
            connection = self._connect()
            try:
                connection.send_message(message_of(letter, sender=self._server.sender, address=address))
            finally:
                _hang_up(connection)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"smtp_{type(error).__name__}", final=_is_final(error)) from None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.implicit_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_TIMEOUT_S, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
        try:
            if not server.implicit_tls and server.host not in _LOOPBACK:
                connection.starttls(context=self._tls)
            if server.user is not None and server.password is not None:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _hang_up(connection: smtplib.SMTP) -> None:
    """End the session; by then the letter is taken or refused, however the server says goodbye."""
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()


def _is_final(error: Exception) -> bool:
    """Tell whether the server says of the address itself that it will never take mail (RFC 5321, 4.2.1)."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _ in error.recipients.values())
