"""The typed seam to Flask-SocketIO: namespaces of guarded events that answer `{ok, code}`.

Every event asks anew who is calling (a session may have ended meanwhile) and whether they may; no
database session outlives an event. Threads only; the code stays neutral to gevent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import flask_socketio
import structlog
from flask import Flask, current_app, g, request

from clinic.config import Settings
from clinic.errors import ClinicError, Unauthenticated
from clinic.web.guards import guard_of

_KEY = "clinic.sockets"
_LARGEST_MESSAGE = 64 * 1024
_LAST_WORDS_SECONDS = 0.1
_log = structlog.get_logger(__name__)

Ack = Mapping[str, object]


class Namespace:
    """A slice's socket events: each `on_<event>` method takes what was sent and returns the ack's facts."""

    path: str = "/"

    def connected(self, auth: object) -> None:
        """Let the caller in, who sent `auth` along; raise a ClinicError to refuse."""

    def disconnected(self) -> None:
        """Hear that the caller's socket is gone."""


class Sockets:
    """The Socket.IO server of one application."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Serve sockets beside the routes of `app`, to its own origin only."""
        self._app = app
        self._inner: Any = flask_socketio.SocketIO(
            app,
            async_mode="threading",
            manage_session=False,
            cors_allowed_origins=[settings.origin],
            message_queue=settings.redis_url or None,
            max_http_buffer_size=_LARGEST_MESSAGE,
            ping_interval=10,
            ping_timeout=10,
            async_handlers=False,  # what one socket sends is handled in order
        )
        app.extensions[_KEY] = self

    def add(self, namespace: Namespace) -> None:
        """Serve `namespace`; raises ValueError for an event that declares no permission."""
        path = namespace.path
        self._inner.on_event("connect", _connecting(namespace.connected), namespace=path)
        self._inner.on_event("disconnect", lambda *_reason: namespace.disconnected(), namespace=path)
        for name, handler in events_of(namespace).items():
            if guard_of(handler) is None:
                raise ValueError(f"{type(namespace).__name__}.on_{name} declares no permission")
            self._inner.on_event(name, self._answering(handler, path), namespace=path)
        self._inner.on_event("*", _unknown_event, namespace=path)

    def emit(self, event: str, data: Mapping[str, object], *, to: str, namespace: str) -> None:
        """Push `data` to one socket or room of sockets; best effort."""
        self._inner.emit(event, dict(data), to=to, namespace=namespace)

    def disconnect(self, sid: str, namespace: str) -> None:
        """Cut a socket off, a moment later and beside the caller, so that an ack under way still arrives."""
        self._inner.start_background_task(self._disconnect_soon, sid, namespace)

    def _disconnect_soon(self, sid: str, namespace: str) -> None:
        self._inner.sleep(_LAST_WORDS_SECONDS)
        self._inner.server.disconnect(sid, namespace=namespace)

    def _answering(self, handler: Callable[[Any], Ack], namespace: str) -> Callable[..., Ack]:
        def answer(data: object = None, *_more: object) -> Ack:
            g.pop("actor", None)
            try:
                return {"ok": True, **handler(data)}
            except Unauthenticated as error:
                self.disconnect(sid(), namespace)
                return {"ok": False, "code": error.code}
            except ClinicError as error:
                return {"ok": False, "code": error.code, **error.facts}
            except Exception as error:  # the socket lives on; the type alone is logged, never the data
                _log.error("socket_event_failed", error_type=type(error).__name__)
                return {"ok": False, "code": "unavailable"}

        return answer

    def start_background_task(self, task: Callable[..., object], *arguments: object) -> None:
        """Run `task` beside the requests."""
        self._inner.start_background_task(task, *arguments)


def events_of(namespace: Namespace) -> dict[str, Callable[[Any], Ack]]:
    """Return the event handlers of `namespace` by event name: `on_media_state` hears `media-state`."""
    return {
        name[3:].replace("_", "-"): getattr(namespace, name)
        for name in dir(namespace)
        if name.startswith("on_")
    }


def sockets() -> Sockets:
    """Return the Socket.IO server of the current application."""
    return cast(Sockets, current_app.extensions[_KEY])


def sid() -> str:
    """Return the id of the socket whose event is being handled."""
    return str(cast(Any, request).sid)


def _connecting(connected: Callable[[object], None]) -> Callable[..., bool]:
    def connect(*auth: object) -> bool:
        try:
            connected(auth[0] if auth else None)
        except ClinicError as error:
            raise flask_socketio.ConnectionRefusedError(error.code) from None
        return True

    return connect


def _unknown_event(*_event: object) -> Ack:
    return {"ok": False, "code": "unknown_event"}
