"""Fifty people at once against a real server, and what must be true afterwards."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from clinic.access.actor import Actor
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.booking import LIVE
from clinic.web.csrf import csrf_token
from clinic.web.runtime import Runtime
from tests.factories.scheduling import signed_in

CROWD = 50


@dataclass(frozen=True, slots=True)
class Person:
    """One of the crowd: signed in, with a connection of their own for each request."""

    port: int
    headers: dict[str, str]

    def book(self, body: dict[str, object], key: str | None = None) -> tuple[int, dict[str, object]]:
        """Ask for a visit; return status and answer."""
        return self.post("/appointments", body, key)

    def post(
        self, path: str, body: dict[str, object], key: str | None = None
    ) -> tuple[int, dict[str, object]]:
        """Act; return status and answer."""
        return self._send("POST", path, body, key)

    def delete(self, path: str) -> tuple[int, dict[str, object]]:
        """Take back; return status and answer."""
        return self._send("DELETE", path, None, None)

    def _send(
        self, method: str, path: str, body: dict[str, object] | None, key: str | None
    ) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {**self.headers, "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            sent = None if body is None else json.dumps(body, default=str)
            connection.request(method, f"/api/v1{path}", sent, headers)
            response = connection.getresponse()
            answer = response.read()
            return response.status, json.loads(answer) if answer else {}
        finally:
            connection.close()


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve `app` on loopback with a thread for each request; yield the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def crowd(parts: Runtime, actors: Sequence[Actor], port: int) -> list[Person]:
    """Sign everybody in."""
    people = []
    for actor in actors:
        assert actor.session_id is not None
        with transaction(parts.database) as session:
            token = signed_in(session, actor, parts.clock.now())
        csrf = csrf_token(parts.settings.secret_key, actor.session_id)
        people.append(Person(port, {"Cookie": f"sid={token}", "X-CSRF-Token": csrf}))
    return people


def at_once(
    acts: Sequence[Callable[[], tuple[int, dict[str, object]]]],
) -> list[tuple[int, dict[str, object]]]:
    """Do all `acts` at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(acts))

    def go(act: Callable[[], tuple[int, dict[str, object]]]) -> tuple[int, dict[str, object]]:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def assert_one_wins(people: Sequence[Person], body: dict[str, object], database: Database) -> None:
    """Let everybody ask for one time: one gets it, all others are told 409, and one row says so."""
    answers = at_once([lambda person=person: person.book(body) for person in people])  # type: ignore[misc]
    statuses = Counter(status for status, _ in answers)
    assert statuses == {201: 1, 409: len(people) - 1}, f"answers by status: {statuses}"
    refused = [answer for status, answer in answers if status == 409]
    assert {answer["code"] for answer in refused} == {"slot_taken"}
    assert all(len(answer["alternatives"]) == 3 for answer in refused)  # type: ignore[arg-type]
    with snapshot(database) as session:
        live = select(func.count()).where(
            Appointment.practitioner_id == body["practitioner"],
            Appointment.starts_at == body["starts_at"],
            Appointment.status.in_(LIVE),
        )
        assert session.execute(live).scalar_one() == 1
