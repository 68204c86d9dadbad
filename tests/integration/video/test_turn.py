"""The credentials that rooms hand out, shown to a real coturn: good until they expire, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aioice import stun, turn

from clinic.ids import new_id
from clinic.video.rules.turn import LIFETIME, IceServer, ice_server
from tests.servers.coturn import SECRET, Coturn


@pytest.fixture(scope="module")
def coturn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    server = Coturn(tmp_path_factory.mktemp("coturn"))
    yield server
    server.stop()


def relay(coturn: Coturn, server: IceServer) -> str:
    """Allocate a relay address with the credentials and return it; raises TransactionFailed."""

    async def allocate() -> str:
        transport, _ = await turn.create_turn_endpoint(
            asyncio.DatagramProtocol,
            server_addr=("127.0.0.1", coturn.port),
            username=server.username,
            password=server.credential,
        )
        try:
            return str(transport.get_extra_info("sockname")[0])
        finally:
            transport.close()
            await asyncio.sleep(0.1)

    return asyncio.run(allocate())


def test_fresh_credentials_get_a_relay(coturn: Coturn) -> None:
    assert relay(coturn, ice_server((coturn.url,), SECRET, new_id(), datetime.now(UTC))) == "127.0.0.1"


def test_expired_wrong_and_altered_credentials_get_none(coturn: Coturn) -> None:
    now = datetime.now(UTC)
    good = ice_server((coturn.url,), SECRET, new_id(), now)
    expired = ice_server((coturn.url,), SECRET, new_id(), now - LIFETIME - timedelta(minutes=1))
    other = ice_server((coturn.url,), "another secret", new_id(), now)
    later = replace(good, username=f"{int(now.timestamp()) + 999_999}:{new_id()}")
    for server in (expired, other, later):
        with pytest.raises(stun.TransactionFailed):
            relay(coturn, server)
