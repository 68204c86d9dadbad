"""Before a call people hear themselves: over HTTP to the media process and back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from clinic.db.transaction import transaction
from clinic.ids import new_id
from clinic.vault import Vault
from clinic.video import parts
from clinic.video.media.loopback import allow_loopback
from clinic.video.rules.quality import EchoReport, EchoState
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.factories.identity import make_patient
from tests.fakes.caller import Caller
from tests.fakes.media import MemoryMediaServer
from tests.servers.media import MediaProcess

SDP = "v=0\r\n"
TESTS = "/api/v1/device-tests"


@pytest.fixture
def media(app: Flask) -> MemoryMediaServer:
    """A media process in memory, in the running application."""
    server = MemoryMediaServer()
    parts.install(app.extensions, server)
    return server


@pytest.fixture(autouse=True)
def _people(app: Flask, vault: Vault) -> None:
    runtime = app.extensions["clinic"]
    assert isinstance(runtime, Runtime)
    with transaction(runtime.database) as session:
        make_patient(session, vault, email="samar@clinic.example")
        make_patient(session, vault, email="omar@clinic.example")


def test_a_test_is_opened_read_and_closed(client: FlaskClient, media: MemoryMediaServer) -> None:
    csrf = sign_in(client, "samar@clinic.example")
    opened = client.post(TESTS, json={"sdp": SDP}, headers=csrf)
    assert opened.status_code == 201
    path = f"{TESTS}/{opened.json['id']}"  # type: ignore[index]
    assert client.get(path).json == {
        "state": "connecting",
        "loss": None,
        "delay_ms": None,
        "jitter_ms": None,
        "rate_kbps": None,
        "heard": False,
        "words_code": "measuring",
    }
    media.next_report = EchoReport(EchoState.MEASURED, 0.01, 40, 3, 38, heard=True)
    report = client.get(path).get_json()
    assert (report["loss"], report["delay_ms"], report["words_code"]) == (0.01, 40, "good")
    assert client.delete(path, headers=csrf).status_code == 204
    assert client.get(path).status_code == 404


def test_nobody_reads_anothers_test(app: Flask, client: FlaskClient, media: MemoryMediaServer) -> None:
    csrf = sign_in(client, "samar@clinic.example")
    test = client.post(TESTS, json={"sdp": SDP}, headers=csrf).get_json()["id"]
    other = app.test_client()
    csrf = sign_in(other, "omar@clinic.example")
    assert other.get(f"{TESTS}/{test}").status_code == 404
    assert other.delete(f"{TESTS}/{test}", headers=csrf).status_code == 204
    assert client.get(f"{TESTS}/{test}").status_code == 200


def test_strangers_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.post(TESTS, json={"sdp": SDP}).status_code == 401
    assert client.get(f"{TESTS}/{new_id()}").status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "sdp"), ({"sdp": ""}, "sdp"), ({"sdp": "x" * 20_000}, "sdp"), ({"sdp": SDP, "x": 1}, "x")],
)
def test_what_is_no_offer_is_refused_by_field(
    client: FlaskClient, media: MemoryMediaServer, body: dict[str, object], field: str
) -> None:
    response = client.post(TESTS, json=body, headers=sign_in(client, "samar@clinic.example"))
    assert response.status_code == 422
    assert list(response.get_json()["errors"]) == [field]


def test_an_offer_that_the_media_process_refuses_is_the_callers_fault(
    client: FlaskClient, media: MemoryMediaServer
) -> None:
    response = client.post(TESTS, json={"sdp": "hello"}, headers=sign_in(client, "samar@clinic.example"))
    assert (response.status_code, response.get_json()["code"]) == (422, "bad_sdp")


def test_tests_are_not_opened_without_end(client: FlaskClient, media: MemoryMediaServer) -> None:
    csrf = sign_in(client, "samar@clinic.example")
    statuses = [client.post(TESTS, json={"sdp": SDP}, headers=csrf).status_code for _ in range(13)]
    assert statuses == [201] * 12 + [429]


def test_without_a_media_process_it_is_said_so(client: FlaskClient) -> None:
    response = client.post(TESTS, json={"sdp": SDP}, headers=sign_in(client, "samar@clinic.example"))
    assert (response.status_code, response.get_json()["code"]) == (503, "media_unavailable")


@pytest.fixture
def process(app: Flask, tmp_path: Path) -> Iterator[MediaProcess]:
    """A real media process for the running application, on loopback as this test's own peer."""
    undo = allow_loopback()
    process = MediaProcess(tmp_path / "m.sock")
    parts.install(app.extensions, process.link)
    yield process
    process.stop()
    undo()


@pytest.mark.usefixtures("process")
def test_people_hear_their_own_voice_back(client: FlaskClient) -> None:
    csrf = sign_in(client, "samar@clinic.example")

    async def story() -> None:
        async with Caller() as caller:
            opened = client.post(TESTS, json={"sdp": await caller.offer()}, headers=csrf).get_json()
            await caller.take(opened["sdp"])
            async with asyncio.timeout(15):
                while caller.loudest < 6000:
                    await asyncio.sleep(0.1)
            assert client.get(f"{TESTS}/{opened['id']}").get_json()["heard"]

    asyncio.run(story())
