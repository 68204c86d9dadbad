"""The diary over HTTP: everybody in it has a browser that is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.access.actor import Actor
from clinic.db.transaction import transaction
from clinic.identity.models import Account, Patient
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.ports import Letter
from clinic.vault import Vault
from clinic.web.csrf import csrf_token
from clinic.web.runtime import Runtime
from tests.factories.scheduling import Diary, make_diary, signed_in


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser at /api/v1, signed in or not."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str, **query: object) -> TestResponse:
        """Read."""
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        """Act."""
        return self.client.post(f"/api/v1{path}", json=body or {}, headers={**self.headers, **headers})

    def delete(self, path: str) -> TestResponse:
        """Take back."""
        return self.client.delete(f"/api/v1{path}", headers=self.headers)

    def patch(self, path: str, body: object, **headers: str) -> TestResponse:
        """Change a part."""
        return self.client.patch(f"/api/v1{path}", json=body, headers={**self.headers, **headers})

    def put(self, path: str, body: object, **headers: str) -> TestResponse:
        """Replace."""
        return self.client.put(f"/api/v1{path}", json=body, headers={**self.headers, **headers})


@dataclass(frozen=True, slots=True)
class World:
    """The diary and its people at their browsers."""

    app: Flask
    parts: Runtime
    diary: Diary

    def browser(self, actor: Actor | None = None) -> Browser:
        """Return a browser in which `actor` is signed in."""
        client = self.app.test_client()
        headers = {"Accept-Language": "en"}
        if actor is not None and actor.session_id is not None:
            with transaction(self.parts.database) as session:
                client.set_cookie("sid", signed_in(session, actor, self.parts.clock.now()))
            headers["X-CSRF-Token"] = csrf_token(self.parts.settings.secret_key, actor.session_id)
        return Browser(client, headers)

    def slots(self, **query: object) -> list[dict[str, Any]]:
        """Search as the public does."""
        response = self.browser().get("/slots", service=self.diary.service, **query)
        assert response.status_code == 200, response.get_data(as_text=True)
        items: list[dict[str, Any]] = response.get_json()["items"]
        return items


def wish(slot: dict[str, Any], **more: object) -> dict[str, object]:
    """Return the body that asks for `slot`."""
    wanted = {name: slot[name] for name in ("service", "practitioner", "starts_at")}
    return {**wanted, "modality": "video", **more}


@pytest.fixture
def world(app: Flask, vault: Vault) -> World:
    """The diary on embedded SQLite."""
    parts = app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    return World(app, parts, make_diary(parts.database, vault))


@pytest.fixture
def channel(world: World) -> MemoryChannel:
    """The clinic's letters, kept; every patient has an address and reads English."""
    channel = MemoryChannel()
    post.office(world.app.extensions).channel = channel
    fields = world.parts.vault.fields
    with transaction(world.parts.database) as session:
        for patient in session.scalars(select(Patient)):
            patient.email_sealed = fields.seal(patient.id, "patient.email", f"{patient.id}@clinic.example")
        for account in session.scalars(select(Account)):
            account.language = "en"
    return channel


def collect(world: World, channel: MemoryChannel) -> list[tuple[str, Letter]]:
    """Let the worker send what is due; return what is new."""
    tasks.send_due(world.parts.database, world.parts.clock, post.office(world.app.extensions))
    found, channel.sent = channel.sent, []
    return found
