"""A small clinic's people at their browsers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clinic.access.actor import Role
from clinic.db.transaction import transaction
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.ports import Letter
from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.factories.identity import make_account, make_patient, make_practitioner


@dataclass(frozen=True, slots=True)
class Browser:
    """A signed-in person's browser."""

    client: FlaskClient
    csrf: dict[str, str]

    def get(self, path: str) -> TestResponse:
        """Read `path` below /api/v1."""
        return self.client.get(f"/api/v1{path}")

    def send(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Send `body` to `path` below /api/v1."""
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers={**self.csrf, **headers})


@dataclass(frozen=True, slots=True)
class People:
    """The ids of who is there; e-mails are `<name>@clinic.example`."""

    samar: UUID
    amina: UUID
    leila: UUID
    karim: UUID


@pytest.fixture
def parts(app: Flask) -> Runtime:
    """The parts of the running application."""
    found = app.extensions["clinic"]
    assert isinstance(found, Runtime)
    return found


@pytest.fixture
def people(parts: Runtime, vault: Vault) -> People:
    """Two patients, two therapists and staff of other kinds; nobody is related."""
    with transaction(parts.database) as session:
        for role in (Role.RECEPTION, Role.CLINIC_ADMIN, Role.AUDITOR, Role.PRIVACY_OFFICER):
            make_account(session, vault, email=f"{role}@clinic.example", name="Huda Nasser", roles=(role,))
        samar = make_patient(
            session, vault, email="samar@clinic.example", name="Samar Haddad", phone="+972521234567"
        )
        amina = make_patient(session, vault, email="amina@clinic.example", name="أمينة الخوري")
        leila = make_practitioner(session, vault, email="leila@clinic.example", name="Dr. Leila Mansour")
        karim = make_practitioner(session, vault, email="karim@clinic.example", name="Karim Benjelloun")
        return People(samar.id, amina.id, leila.id, karim.id)


@pytest.fixture
def browser(app: Flask, people: People) -> Callable[[str], Browser]:
    """Sign `<name>@clinic.example` in with a browser of their own."""

    def open_browser(name: str) -> Browser:
        client = app.test_client()
        return Browser(client, sign_in(client, f"{name}@clinic.example"))

    return open_browser


def names(response: TestResponse) -> list[Any]:
    """Return the names in a list of people."""
    return [item["name"] for item in response.get_json()["items"]]


class Letterbox:
    """The mail of the clinic: what its worker would have sent by now."""

    def __init__(self, app: Flask, parts: Runtime) -> None:
        """Keep letters in memory instead of sending them."""
        self._parts = parts
        self._channel = MemoryChannel()
        self._office = post.office(app.extensions)
        self._office.channel = self._channel

    def collect(self) -> list[tuple[str, Letter]]:
        """Let the worker send what is due; return what has not been collected before."""
        tasks.send_due(self._parts.database, self._parts.clock, self._office)
        found, self._channel.sent = self._channel.sent, []
        return found

    def token(self, page: str) -> str:
        """Return the token in the only letter that is due, which links to `page`."""
        ((_address, letter),) = self.collect()
        link = next(line for line in letter.text.splitlines() if line.startswith("http"))
        address, _, token = link.partition("#")
        assert address == f"http://localhost:8000{page}"
        return token


@pytest.fixture
def letterbox(app: Flask, parts: Runtime) -> Letterbox:
    """The letters that leave the clinic."""
    return Letterbox(app, parts)
