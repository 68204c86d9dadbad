"""The `/files` namespace: an open file hears that the patient's word has changed (docs/consent.md).

A push carries no content and grants nothing: the page reads again, and the decision answers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Flask, request

from clinic.access.permissions import Permission
from clinic.consent.events import ConsentGranted, ConsentRevoked
from clinic.errors import Invalid, TooMany
from clinic.ids import AccountId, PatientId
from clinic.web.cookies import session_cookie_name
from clinic.web.guards import requires
from clinic.web.limits import limits
from clinic.web.runtime import Runtime, actor
from clinic.web.sockets import Ack, Namespace, Sockets, sid, sockets

SOCKETS_PER_ACCOUNT = 20
WATCHES = "60/minute"
OK: Ack = {"code": "ok"}
Change = ConsentGranted | ConsentRevoked


@dataclass(frozen=True, slots=True)
class Watcher:
    """One open page: its socket, its session's token, and the file that it shows."""

    sid: str
    token: str
    account_id: AccountId
    patient_id: PatientId | None = None


class Watchers:
    """The open pages of this process."""

    def __init__(self) -> None:
        """Know of no page."""
        self._by_sid: dict[str, Watcher] = {}
        self._lock = threading.Lock()

    def open(self, watcher: Watcher) -> None:
        """Take a new page; raises TooMany where its account has enough."""
        with self._lock:
            own = sum(one.account_id == watcher.account_id for one in self._by_sid.values())
            if own >= SOCKETS_PER_ACCOUNT:
                raise TooMany("too_many_sockets")
            self._by_sid[watcher.sid] = watcher

    def watch(self, page: str, patient_id: PatientId) -> None:
        """Note which file a page shows, in place of the one before."""
        with self._lock:
            if page in self._by_sid:
                self._by_sid[page] = replace(self._by_sid[page], patient_id=patient_id)

    def close(self, page: str) -> None:
        """Forget a page."""
        with self._lock:
            self._by_sid.pop(page, None)

    def of(self, patient_id: PatientId) -> list[Watcher]:
        """Return the pages that show the file of a patient."""
        with self._lock:
            return [one for one in self._by_sid.values() if one.patient_id == patient_id]


class Files(Namespace):
    """Who asks is known from the socket's session; any id may be watched, and the ack tells nothing."""

    path = "/files"

    def __init__(self, parts: Runtime, watchers: Watchers) -> None:
        """Serve the pages of the application whose parts are `parts`."""
        self._parts, self._watchers = parts, watchers

    def connected(self, auth: object) -> None:
        """Let in who is signed in; raises Unauthenticated, TooMany."""
        token = request.cookies.get(session_cookie_name(self._parts.settings), "")
        self._watchers.open(Watcher(sid(), token, actor().account_id))

    def disconnected(self) -> None:
        """Forget the page."""
        self._watchers.close(sid())

    @requires(Permission.NOTE_READ)
    def on_watch(self, message: object) -> Ack:
        """Tell the sender from now on when the patient's word about them changes."""
        limits().hit("watch", WATCHES, str(actor().account_id))
        self._watchers.watch(sid(), _patient(message))
        return OK


def teller(parts: Runtime, watchers: Watchers, server: Sockets) -> Callable[[Change], None]:
    """Return what tells the pages of the practitioner concerned, each asked anew whose it is."""

    def tell(event: Change) -> None:
        for watcher in watchers.of(event.patient_id):
            who = parts.actors.load(watcher.token, touch=False)
            if who is None or who.account_id != watcher.account_id:
                server.disconnect(watcher.sid, Files.path)
            elif who.practitioner_id == event.practitioner_id and parts.permits.allows(
                who, Permission.NOTE_READ, {}
            ):
                data = {"patient": str(event.patient_id)}
                server.emit("consent-changed", data, to=watcher.sid, namespace=Files.path)

    return tell


def serve_files(app: Flask, parts: Runtime) -> None:
    """Serve `/files` beside the routes of `app`, and hear of consents that were given or taken back."""
    with app.app_context():
        server = sockets()
    watchers = Watchers()
    server.add(Files(parts, watchers))
    tell = teller(parts, watchers, server)
    parts.bus.after_commit(ConsentGranted, tell)
    parts.bus.after_commit(ConsentRevoked, tell)


def _patient(message: object) -> PatientId:
    try:
        if isinstance(message, dict) and set(message) == {"patient"}:
            return PatientId(UUID(str(message["patient"])))
    except ValueError:
        pass
    raise Invalid("invalid_message", field="patient")
