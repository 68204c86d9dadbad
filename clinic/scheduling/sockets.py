"""The `/calendar` namespace: an open page of staff hears that something in the diary has changed (`changed`).

Those who are asked about an urgent request, and the desk, hear of it there, too (`urgent`), and the desk of
who waits and what is offered to them (`waitlist`).

A push names no person and grants nothing: the page reads again, and the policies answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import get_args

from flask import Flask, request

from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.db.transaction import snapshot
from clinic.errors import TooMany
from clinic.ids import AccountId
from clinic.scheduling.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    PatientCheckedIn,
    PatientMissed,
    SeatBooked,
    SeatCancelled,
    SessionChanged,
    TimeHeld,
    TimeReleased,
    UrgentRequestAnswered,
    UrgentRequestAsked,
    VisitFulfilled,
    WaitlistChanged,
)
from clinic.scheduling.queries.visits import Place, place_of
from clinic.web.cookies import session_cookie_name
from clinic.web.guards import check
from clinic.web.runtime import Runtime, actor
from clinic.web.sockets import Namespace, Sockets, sid, sockets

SOCKETS_PER_ACCOUNT = 20
Change = (
    AppointmentBooked
    | AppointmentCancelled
    | AppointmentMoved
    | PatientCheckedIn
    | PatientMissed
    | SeatBooked
    | SeatCancelled
    | SessionChanged
    | TimeHeld
    | TimeReleased
    | VisitFulfilled
)


@dataclass(frozen=True, slots=True)
class OpenCalendar:
    """One open page: its socket, and the token of its session."""

    sid: str
    token: str
    account_id: AccountId


class OpenCalendars:
    """The open pages of this process."""

    def __init__(self) -> None:
        """Know of no page."""
        self._by_sid: dict[str, OpenCalendar] = {}
        self._lock = Lock()

    def open(self, page: OpenCalendar) -> None:
        """Take a new page; raises TooMany where its account has enough."""
        with self._lock:
            own = sum(one.account_id == page.account_id for one in self._by_sid.values())
            if own >= SOCKETS_PER_ACCOUNT:
                raise TooMany("too_many_sockets")
            self._by_sid[page.sid] = page

    def close(self, page: str) -> None:
        """Forget a page."""
        with self._lock:
            self._by_sid.pop(page, None)

    def all(self) -> list[OpenCalendar]:
        """Return every page."""
        with self._lock:
            return list(self._by_sid.values())


class Calendars(Namespace):
    """Pages only listen here: there is no event to send."""

    path = "/calendar"

    def __init__(self, parts: Runtime, pages: OpenCalendars) -> None:
        """Serve the pages of the application whose parts are `parts`."""
        self._parts, self._pages = parts, pages

    def connected(self, auth: object) -> None:
        """Let in who may read a calendar; raises Unauthenticated, Denied, NotFound, TooMany."""
        who = actor()
        check(who, Permission.CALENDAR_READ, {})
        token = request.cookies.get(session_cookie_name(self._parts.settings), "")
        self._pages.open(OpenCalendar(sid(), token, who.account_id))

    def disconnected(self) -> None:
        """Forget the page."""
        self._pages.close(sid())


def teller(parts: Runtime, pages: OpenCalendars, server: Sockets) -> Callable[[Change], None]:
    """Return what tells the pages concerned of a change, each asked anew whose it is."""

    def tell(event: Change) -> None:
        if not pages.all():
            return
        with snapshot(parts.database) as session:
            place = place_of(session, appointment_id=event.appointment_id)
        if place is None:
            return
        concerned = {place.practitioner_id, getattr(event, "moved_from", None)} - {None}
        for page, who in _at_work(parts, pages, server):
            if any(
                parts.permits.allows(who, Permission.CALENDAR_READ, {"practitioner_id": one})
                for one in concerned
            ):
                server.emit("changed", _news(place), to=page.sid, namespace=Calendars.path)

    return tell


def teller_of_requests(
    parts: Runtime, pages: OpenCalendars, server: Sockets
) -> Callable[[UrgentRequestAsked | UrgentRequestAnswered], None]:
    """Return what tells those who were asked, and the desk, that an urgent request has gone on."""

    def tell(event: UrgentRequestAsked | UrgentRequestAnswered) -> None:
        asked = {"asked": frozenset(event.practitioners)}
        for page, who in _at_work(parts, pages, server):
            if parts.permits.allows(who, Permission.URGENT_REQUEST_READ, asked):
                server.emit("urgent", {}, to=page.sid, namespace=Calendars.path)

    return tell


def teller_of_waiting(
    parts: Runtime, pages: OpenCalendars, server: Sockets
) -> Callable[[WaitlistChanged], None]:
    """Return what tells those who offer times that the waitlist is another one."""

    def tell(_event: WaitlistChanged) -> None:
        for page, who in _at_work(parts, pages, server):
            if parts.permits.allows(who, Permission.OFFER_MAKE, {}):
                server.emit("waitlist", {}, to=page.sid, namespace=Calendars.path)

    return tell


def _at_work(parts: Runtime, pages: OpenCalendars, server: Sockets) -> Iterator[tuple[OpenCalendar, Actor]]:
    """Yield the open pages with whose they are now; those of an ended session are cut off."""
    for page in pages.all():
        who = parts.actors.load(page.token, touch=False)
        if who is None or who.account_id != page.account_id:
            server.disconnect(page.sid, Calendars.path)
        else:
            yield page, who


def serve_calendars(app: Flask, parts: Runtime) -> None:
    """Serve `/calendar` beside the routes of `app`, and hear of all that changes in the diary."""
    with app.app_context():
        server = sockets()
    pages = OpenCalendars()
    server.add(Calendars(parts, pages))
    tell = teller(parts, pages, server)
    for change in get_args(Change):
        parts.bus.after_commit(change, tell)
    tell_of_requests = teller_of_requests(parts, pages, server)
    parts.bus.after_commit(UrgentRequestAsked, tell_of_requests)
    parts.bus.after_commit(UrgentRequestAnswered, tell_of_requests)
    parts.bus.after_commit(WaitlistChanged, teller_of_waiting(parts, pages, server))


def _news(place: Place) -> dict[str, object]:
    return {
        "appointment": str(place.appointment_id),
        "practitioner": str(place.practitioner_id),
        "from": place.starts_at.isoformat(),
        "to": place.ends_at.isoformat(),
    }
