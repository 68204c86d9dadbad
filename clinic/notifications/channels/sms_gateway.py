"""Text messages through the clinic's own gateway: one HTTP request each, described in docs/operations.md.

SMS_GATEWAY_URL is `https://token@host/path` (sent as a bearer token) or `https://user:password@host/path`
(basic). Redirects are not followed: a message goes to the host that the settings name, or nowhere.
"""

from __future__ import annotations

import http.client
import json
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import phonenumbers

from clinic.config import Settings
from clinic.errors import ConfigurationError
from clinic.notifications.channels.address import has_port
from clinic.notifications.ports import Letter, NotSent

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT_S = 10
# Of the refusals, those that a later try may not meet (RFC 9110, 15.5.9; RFC 8470; RFC 6585).
_PASSING = frozenset({401, 403, 404, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where text messages are handed over, and by which word one is let in."""

    host: str
    port: int | None
    path: str
    secure: bool
    authorization: str | None = field(repr=False)


def gateway_from(settings: Settings) -> Gateway:
    """Read SMS_GATEWAY_URL; raises ConfigurationError when it is no such address."""
    url = urlsplit(settings.sms_gateway_url)
    if url.scheme not in {"http", "https"} or not url.hostname or not has_port(url):
        raise ConfigurationError("SMS_GATEWAY_URL is https://token@host/path")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise ConfigurationError("SMS_GATEWAY_URL must be https, except on localhost")
    return Gateway(
        host=url.hostname,
        port=url.port,
        path=(url.path or "/") + (f"?{url.query}" if url.query else ""),
        secure=url.scheme == "https",
        authorization=_authorization(url.username, url.password),
    )


def _authorization(user: str | None, password: str | None) -> str | None:
    if not user:
        return None
    if password is None:
        return f"Bearer {unquote(user)}"
    pair = f"{unquote(user)}:{unquote(password)}".encode()
    return f"Basic {b64encode(pair).decode()}"


class GatewayChannel:
    """Fulfils `ports.Channel`; addresses are telephone numbers, sent in E.164."""

    def __init__(self, gateway: Gateway, *, tls: ssl.SSLContext | None = None) -> None:
        """Hand over to `gateway`; certificates are checked against the machine's store unless `tls` says."""
        self._gateway = gateway
        self._tls = tls or ssl.create_default_context()

    def send(self, address: str, letter: Letter) -> None:
        """Hand the short form of the letter over; raises NotSent."""
        body = {"id": str(letter.id), "to": _e164(address), "text": letter.short}
        connection = self._connection()
        try:
            connection.request("POST", self._gateway.path, json.dumps(body).encode(), self._headers(letter))
            with connection.getresponse() as answer:
                status = answer.status  # the body, which may stall, would say nothing more
        except (http.client.HTTPException, OSError) as error:
            raise NotSent(f"sms_{type(error).__name__}") from None
        finally:
            connection.close()
        if not 200 <= status < 300:
            final = 400 <= status < 500 and status not in _PASSING
            raise NotSent(f"sms_{status}", final=final)

    def _headers(self, letter: Letter) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(letter.id)}
        if self._gateway.authorization is not None:
            headers["Authorization"] = self._gateway.authorization
        return headers

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._gateway.host, self._gateway.port
        if self._gateway.secure:
            return http.client.HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=self._tls)
        return http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)


def _e164(text: str) -> str:
    """Return `text` in E.164; raises NotSent for what is no number that can be called."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise NotSent("sms_no_number", final=True) from None
    if not phonenumbers.is_possible_number(number):
        raise NotSent("sms_no_number", final=True)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
