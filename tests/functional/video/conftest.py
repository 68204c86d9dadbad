"""A video visit that begins in five minutes, and its people at their browsers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from clinic.access.actor import Actor
from clinic.db.transaction import transaction
from clinic.ids import new_id
from clinic.vault import Vault
from clinic.video.rules.visit import Visit
from clinic.web.runtime import Runtime
from tests.factories.scheduling import Diary, make_diary, signed_in
from tests.factories.sockets import RoomSocket
from tests.factories.visits import book_visit
from tests.fakes.clock import FakeClock


@dataclass
class Browser:
    """One signed-in person; `page` is the page that is open."""

    app: Flask
    client: FlaskClient
    token: str
    csrf: dict[str, str]
    visit: Visit
    page: UUID

    def open_door(self) -> Any:
        """Press Join, as far as HTTP goes."""
        return self.client.post(f"/api/v1/appointments/{self.visit.id}/room", headers=self.csrf)

    def socket(self) -> RoomSocket:
        """Connect."""
        return RoomSocket(self.app, self.client)

    def join(self, socket: RoomSocket | None = None) -> tuple[RoomSocket, dict[str, Any]]:
        """Join and return the socket and its welcome."""
        socket = socket or self.socket()
        ticket = self.open_door().get_json()["ticket"]
        ack = socket.emit("join", {"ticket": ticket, "instance": str(self.page)})
        assert ack == {"ok": True, "code": "ok"}
        (welcome,) = socket.heard("welcome")
        return socket, welcome

    def reload(self) -> None:
        """Have a new page."""
        self.page = new_id()


@dataclass
class Scene:
    """The people of one visit."""

    parts: Runtime
    clock: FakeClock
    diary: Diary
    visit: Visit
    patient: Browser
    therapist: Browser
    other: Browser


@pytest.fixture
def scene(app: Flask, vault: Vault, clock: FakeClock) -> Scene:
    """A visit that begins in five minutes; everybody has just signed in."""
    parts = app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    diary = make_diary(parts.database, vault)
    visit = book_visit(parts.database, vault, clock, diary)
    clock.set(visit.starts_at - timedelta(minutes=5))

    def browser(actor: Actor) -> Browser:
        with transaction(parts.database) as session:
            token = signed_in(session, actor, clock.now())
        client = app.test_client()
        client.set_cookie("sid", token)
        csrf = client.get("/api/v1/session").get_json()["csrf_token"]
        return Browser(app, client, token, {"X-CSRF-Token": csrf}, visit, new_id())

    patient, therapist, other = (
        browser(actor)
        for actor in (diary.patient_actors[0], diary.therapist_actors[0], diary.therapist_actors[1])
    )
    return Scene(parts, clock, diary, visit, patient, therapist, other)
