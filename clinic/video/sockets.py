"""The `/rooms` namespace: every message of docs/signalling.md, counted, checked, permitted, then served."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import request

from clinic import audit
from clinic.access.permissions import Permission
from clinic.db.transaction import snapshot as snapshot_of
from clinic.db.transaction import transaction as transaction_on
from clinic.errors import ClinicError, Conflict, Invalid, Unauthenticated
from clinic.ids import AppointmentId
from clinic.video.heartbeat import Heartbeat
from clinic.video.lines import Line, Lines
from clinic.video.rules.messages import Message, check_from_client
from clinic.video.rules.shapes import ShapeError
from clinic.video.services import door, location, relay, seats
from clinic.video.services.seats import Place
from clinic.video.subscribers import Pushes
from clinic.video.tasks import forget_lines
from clinic.web.cookies import session_cookie_name
from clinic.web.guards import requires
from clinic.web.runtime import Runtime, actor
from clinic.web.sockets import Ack, Namespace, sid

PROTOCOL = 1
OK: Ack = {"code": "ok"}

F = TypeVar("F", bound=Callable[..., Any])


def message(event: str) -> Callable[[F], F]:
    """Let only messages of the event's shape and rate through to the guard and the handler."""

    def decorate(function: F) -> F:
        @wraps(function)
        def checked(self: Rooms, raw: object) -> Ack:
            try:
                self.lines.spend(sid(), event)
                result: Ack = function(self, _shaped(event, raw))
                return result
            except ClinicError:
                self.lines.refused(sid())
                raise

        return checked  # type: ignore[return-value]

    return decorate


def _shaped(event: str, raw: object) -> Message:
    try:
        return check_from_client(event, raw)
    except ShapeError as error:
        raise Invalid("invalid_message", field=error.field) from None


class Rooms(Namespace):
    """Who speaks is known from the socket's session and its seat, never from the message."""

    path = "/rooms"

    def __init__(self, parts: Runtime, *, lines: Lines, pushes: Pushes, heartbeat: Heartbeat) -> None:
        """Serve the rooms of the application whose parts are `parts`."""
        self._parts, self.lines, self._pushes, self._heartbeat = parts, lines, pushes, heartbeat
        self._first = threading.Lock()
        # Several web processes share the seats' rows; one alone knows that whatever it finds there is dead.
        self._swept = bool(parts.settings.redis_url)

    def connected(self, auth: object) -> None:
        """Let in who is signed in and speaks our protocol; raises Unauthenticated, Invalid, TooMany."""
        who = actor()
        if auth != {"protocol": PROTOCOL}:
            raise Invalid("protocol_unsupported")
        self._sweep_once()
        token = request.cookies[session_cookie_name(self._parts.settings)]
        self.lines.open(sid(), token, who.account_id)
        self._heartbeat.start()

    def disconnected(self) -> None:
        """Keep the seat, and tell the others that the line is down."""
        line = self.lines.close(sid())
        if line is None:
            return
        if line.place is not None:
            with transaction_on(self._parts.database) as session:
                seats.drop(session, clock=self._parts.clock, place=line.place)
        if line.lobby is not None:
            _appointment, room_id = line.lobby
            with transaction_on(self._parts.database) as session:
                door.withdraw(session, room_id=room_id, account_id=line.account_id, connection=line.sid)

    @message("watch")
    @requires(Permission.ROOM_WATCH)
    def on_watch(self, _message: Message) -> Ack:
        """Show the sender, now and at every change, who has come; that they look is on record."""
        line = self._line()
        with transaction_on(self._parts.database) as session:
            audit.record(session, actor=actor(), clock=self._parts.clock, action="arrival.list")
        line.watches = actor().practitioner_id
        self._pushes.arrivals(line)
        return OK

    @message("arrive")
    @requires(Permission.ROOM_JOIN)
    def on_arrive(self, message: Message) -> Ack:
        """Note that the sender is on the waiting-room page."""
        line, appointment_id = self._line(), AppointmentId(UUID(str(message["appointment"])))
        if not actor().reaches(appointment_id):
            raise Unauthenticated("session_idle")
        with transaction_on(self._parts.database) as session:
            room_id = door.arrive(
                session,
                actor=actor(),
                clock=self._parts.clock,
                appointment_id=appointment_id,
                connection=line.sid,
            )
        line.lobby = (appointment_id, room_id)
        return OK

    @message("join")
    @requires(Permission.ROOM_JOIN)
    def on_join(self, message: Message) -> Ack:
        """Take the seat that a ticket is for."""
        line = self._line()
        with transaction_on(self._parts.database) as session:
            line.place = seats.join(
                session,
                actor=actor(),
                clock=self._parts.clock,
                token=str(message["ticket"]),
                instance=UUID(str(message["instance"])),
                connection=line.sid,
            )
        return OK

    @message("admit")
    @requires(Permission.ROOM_ADMIT)
    def on_admit(self, message: Message) -> Ack:
        """Let a waiting seat in."""
        seat_id = UUID(str(message["seat"]))
        self._act(seats.admit, message, seat_id=seat_id)
        return OK

    @message("description")
    @requires(Permission.ROOM_SIGNAL)
    def on_description(self, message: Message) -> Ack:
        """Relay an offer or answer."""
        return self._relay("description", message)

    @message("candidate")
    @requires(Permission.ROOM_SIGNAL)
    def on_candidate(self, message: Message) -> Ack:
        """Relay an ICE candidate."""
        return self._relay("candidate", message)

    @message("restart")
    @requires(Permission.ROOM_SIGNAL)
    def on_restart(self, message: Message) -> Ack:
        """Relay the wish for an ICE restart."""
        return self._relay("restart", message)

    @message("commit")
    @requires(Permission.ROOM_SIGNAL)
    def on_commit(self, message: Message) -> Ack:
        """Relay a commitment of the short authentication string."""
        return self._relay("commit", message)

    @message("reveal")
    @requires(Permission.ROOM_SIGNAL)
    def on_reveal(self, message: Message) -> Ack:
        """Relay a nonce of the short authentication string."""
        return self._relay("reveal", message)

    @message("media-state")
    @requires(Permission.ROOM_SIGNAL)
    def on_media_state(self, message: Message) -> Ack:
        """Keep what the sender sends, and tell the other side if it is there."""
        with transaction_on(self._parts.database) as session:
            seats.set_media(
                session,
                clock=self._parts.clock,
                place=self._place(),
                epoch=_epoch(message),
                mic=message["mic"] is True,
                camera=message["camera"] is True,
                sound_only=message["sound_only"] is True,
            )
        try:
            return self._relay("media-state", message)
        except Conflict as error:
            if error.code != "no_peer":
                raise
            return OK

    @message("location")
    @requires(Permission.ROOM_SIGNAL)
    def on_location(self, message: Message) -> Ack:
        """Keep where the patient is, for the therapist."""
        place, phone = str(message["place"]), str(message["phone"])
        self._act(location.give, message, vault=self._parts.vault, where=place, phone=phone)
        return OK

    @message("leave")
    @requires(Permission.ROOM_SIGNAL)
    def on_leave(self, message: Message) -> Ack:
        """Give the seat up."""
        self._act(seats.leave, message)
        self._line().place = None
        return OK

    @message("end")
    @requires(Permission.ROOM_ADMIT)
    def on_end(self, message: Message) -> Ack:
        """End the call for everybody."""
        self._act(seats.end, message)
        return OK

    def _sweep_once(self) -> None:
        with self._first:
            if not self._swept:
                forget_lines(self._parts.database, self._parts.clock)
                self._swept = True

    def _act(self, service: Callable[..., None], message: Message, **values: object) -> None:
        with transaction_on(self._parts.database) as session:
            service(
                session,
                actor=actor(),
                clock=self._parts.clock,
                place=self._place(),
                epoch=_epoch(message),
                **values,
            )

    def _relay(self, event: str, message: Mapping[str, object]) -> Ack:
        place = self._place()
        with snapshot_of(self._parts.database) as session:
            other = relay.recipient(session, place=place, epoch=_epoch(message))
        data = {**message, "from": str(place.seat_id)}
        may, appointment_id = Permission.ROOM_SIGNAL, place.appointment_id
        if not self.lines.push(other, event, data, may=may, appointment_id=appointment_id):
            raise Conflict("no_peer")
        return OK

    def _line(self) -> Line:
        line = self.lines.get(sid())
        if line is None or line.account_id != actor().account_id:
            raise Unauthenticated("signed_out")
        return line

    def _place(self) -> Place:
        place = self._line().place
        if place is None:
            raise Conflict("not_joined")
        if not actor().reaches(place.appointment_id):
            raise Unauthenticated("session_idle")
        return place


def _epoch(message: Message) -> int:
    epoch = message["epoch"]
    assert isinstance(epoch, int)  # its shape was checked
    return epoch
