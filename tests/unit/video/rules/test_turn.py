"""TURN credentials are those that coturn's use-auth-secret computes."""

from __future__ import annotations

import hmac
from base64 import b64decode
from datetime import UTC, datetime
from uuid import UUID

from clinic.video.rules.turn import ice_server

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SEAT = UUID("c2a7f0de-2f44-4a55-8f5e-0f4f3a3b1c21")


def test_the_name_carries_the_expiry_and_the_word_its_hmac() -> None:
    server = ice_server(("turn:turn.clinic.test:3478",), "north", SEAT, NOW)
    expiry, seat = server.username.split(":")
    assert int(expiry) == int(NOW.timestamp()) + 8 * 3600
    assert seat == str(SEAT)
    assert b64decode(server.credential) == hmac.digest(b"north", server.username.encode(), "sha1")
