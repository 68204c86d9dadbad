"""Time-limited credentials for the clinic's own TURN server: the scheme of coturn's `use-auth-secret`."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

LIFETIME: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class IceServer:
    """An RTCIceServer: addresses of one TURN server and a name and word that expire."""

    urls: tuple[str, ...]
    username: str
    credential: str


def ice_server(urls: tuple[str, ...], secret: str, seat: UUID, now: datetime) -> IceServer:
    """Return credentials for one seat, good for eight hours; the name says nothing about the person."""
    username = f"{int((now + LIFETIME).timestamp())}:{seat}"
    # SHA-1 is what the scheme and coturn define; its collisions do not touch HMAC.
    digest = hmac.digest(secret.encode(), username.encode(), "sha1")
    return IceServer(urls, username, b64encode(digest).decode())
