"""Video visits: rooms, the waiting room, signalling between two browsers, and the device test's echo.

Media goes from browser to browser; this slice relays only what lets the two find each other
(docs/signalling.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the media process, which is below this package, loads neither Flask nor the clinic
    from flask import Flask

    from clinic.web.blueprint import Api
    from clinic.web.runtime import Runtime


def register(app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes and sockets, hear of visits, and keep the sessions of admitted seats."""
    from clinic.video import parts, routes
    from clinic.video.media_link import UnixMediaServer
    from clinic.video.policies import POLICIES
    from clinic.video.seating import SeatSessions
    from clinic.video.wiring import serve_rooms

    parts.install(app.extensions, UnixMediaServer(runtime.settings.media_socket))
    runtime.permits.add(POLICIES)
    runtime.seats = SeatSessions(runtime.database, runtime.clock)
    for blueprint in (routes.rooms.bp, routes.device_tests.bp):
        api.register(blueprint)
    serve_rooms(app, runtime)
