"""Video visits: rooms, the waiting room, signalling between two browsers, and the device test's echo.

Media goes from browser to browser; this slice relays only what lets the two find each other
(docs/signalling.md).
"""

from __future__ import annotations

from flask import Flask

from clinic.video.policies import POLICIES
from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes."""
    from clinic.video import parts
    from clinic.video.media_link import UnixMediaServer
    from clinic.video.routes import device_tests

    parts.install(app.extensions, UnixMediaServer(runtime.settings.media_socket))
    runtime.permits.add(POLICIES)
    api.register(device_tests.bp)
