"""Which addresses of others the clinic may ask for: public ones only, over TLS, without a way around.

What is refused follows the IANA special-purpose registries (RFC 6890) and the addresses in which IPv6 hides
an IPv4 one (RFC 4291, 6052, 3056, 4380), since those lead wherever the hidden one leads.
"""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_LONGEST = 2_000
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # the way into 6to4
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation (RFC 9637)
    )
)


class NotAllowed(ValueError):
    """The address is none that the clinic asks for."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `authorization` is what its user and password become."""

    host: str
    port: int
    tls: bool
    path: str
    trusted: bool
    authorization: str | None = field(repr=False, default=None)

    @property
    def host_header(self) -> str:
        """Return what the server is called in a request."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.tls else 80) else f"{name}:{self.port}"


def target_of(address: str, *, trusted: frozenset[str] = frozenset()) -> Target:
    """Take an address apart; raises NotAllowed unless it is https on its own port, or of a `trusted` host.

    `webcal` is how calendars are handed on, and means https. Trusted are `host:port` of tests alone.
    """
    if len(address) > _LONGEST or not address.isprintable() or " " in address:
        raise NotAllowed
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotAllowed from None
    tls = parts.scheme in {"https", "webcal", "webcals"}
    host = _ascii(parts.hostname or "")
    port = port or (443 if tls else 80)
    known = f"{host}:{port}" in trusted
    if not known and not (tls and port == 443):
        raise NotAllowed
    if not tls and parts.scheme != "http":
        raise NotAllowed
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port, tls, _quoted(path), known, _authorization(parts.username, parts.password))


def is_public(address: str) -> bool:
    """Tell whether a numeric address belongs to the public internet and to no machine or network of ours."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if parsed.version == 6 and parsed not in _GLOBAL_UNICAST:
        return False  # unique local, link-local, mapped and translated IPv4 and all else without a meaning
    if parsed.is_multicast or parsed.is_reserved or not parsed.is_global:
        return False
    return not any(parsed in network for network in _NOT_PUBLIC if network.version == parsed.version)


def _ascii(host: str) -> str:
    """Return the name as DNS knows it."""
    try:
        name = host.encode("ascii").decode() if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        raise NotAllowed from None
    if not name or name.startswith("."):
        raise NotAllowed
    return name.rstrip(".").lower()


def _quoted(path: str) -> str:
    if not path.isascii():
        raise NotAllowed
    return path


def _authorization(user: str | None, password: str | None) -> str | None:
    if user is None:
        return None
    return "Basic " + b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode()
