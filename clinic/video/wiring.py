"""Puts the slice's sockets together in an application: lines, pushes, the namespace and who hears what."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from clinic.access.actor import Actor
from clinic.video.heartbeat import Heartbeat
from clinic.video.lines import Lines
from clinic.video.sockets import Rooms
from clinic.video.subscribers import Pushes, subscribe
from clinic.web.runtime import Runtime
from clinic.web.sockets import sockets


def serve_rooms(app: Flask, parts: Runtime) -> None:
    """Serve `/rooms` beside the routes of `app`."""
    with app.app_context():
        server = sockets()

    def who_is(token: str) -> Actor | None:
        return parts.actors.load(token, touch=False)

    def send(sid: str, event: str, data: Mapping[str, object]) -> None:
        server.emit(event, data, to=sid, namespace=Rooms.path)

    lines = Lines(
        clock=parts.clock,
        who_is=who_is,
        allows=parts.permits.allows,
        send=send,
        cut=lambda sid: server.disconnect(sid, Rooms.path),
    )
    pushes = Pushes(database=parts.database, clock=parts.clock, vault=parts.vault, lines=lines)
    subscribe(parts.bus, clock=parts.clock, pushes=pushes)
    heartbeat = Heartbeat(database=parts.database, clock=parts.clock, lines=lines)
    server.add(Rooms(parts, lines=lines, pushes=pushes, heartbeat=heartbeat))
