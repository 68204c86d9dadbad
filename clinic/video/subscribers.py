"""What follows from news: pushes to the sockets of a room and of the therapist's day; rooms that close."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.bus import EventBus
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.scheduling.events import AppointmentCancelled, AppointmentMoved
from clinic.vault import Vault
from clinic.video.events import LocationGiven, RoomChanged, RoomEnded, SeatTakenOver
from clinic.video.lines import Line, Lines
from clinic.video.models import Room, RoomSeat
from clinic.video.queries.arrivals import arrivals_of
from clinic.video.queries.rooms import get_room, get_visit
from clinic.video.queries.views import View, locations, views
from clinic.video.rules.room import SeatRole
from clinic.video.rules.visit import Visit
from clinic.video.schemas.rooms import ArrivalOut, LocationOut, PresenceOut, WelcomeOut
from clinic.video.services import closing


class Pushes:
    """Tells the sockets of this process what has become of rooms; best effort, after the commit."""

    def __init__(self, *, database: Database, clock: Clock, vault: Vault, lines: Lines) -> None:
        """Read rooms from `database` and push over `lines`."""
        self._database, self._clock, self._vault, self._lines = database, clock, vault, lines

    def room_changed(self, event: RoomChanged) -> None:
        """Welcome who joined, tell who was admitted, and show everybody else who is there."""
        with snapshot(self._database) as session:
            room = get_room(session, room_id=event.room_id)
            visit = get_visit(session, appointment_id=room.appointment_id)
            for row, view in views(session, vault=self._vault, room=room, visit=visit):
                self._show(row, view, event)
                if row.id == event.joined and row.role is SeatRole.PRACTITIONER:
                    self._locate(room, visit)
            self._announce(session, visit)

    def location_given(self, event: LocationGiven) -> None:
        """Show the therapist in the room where the patient is."""
        with snapshot(self._database) as session:
            room = get_room(session, room_id=event.room_id)
            self._locate(room, get_visit(session, appointment_id=room.appointment_id))

    def taken_over(self, event: SeatTakenOver) -> None:
        """Tell the older page that the seat is in use elsewhere."""
        self._lines.tell([event.connection], "replaced", {})

    def ended(self, event: RoomEnded) -> None:
        """Tell everybody who was seated or waiting that the call is over."""
        data = {"appointment": str(event.appointment_id), "reason": event.reason.value}
        self._lines.tell(event.connections, "ended", data)

    def arrivals(self, line: Line) -> None:
        """Show one watching therapist who has come."""
        with snapshot(self._database) as session:
            self._list(session, line)

    def _show(self, row: RoomSeat, view: View, event: RoomChanged) -> None:
        name, schema = "presence", PresenceOut
        if row.id == event.joined:
            name, schema = "welcome", WelcomeOut
        elif row.id == event.admitted:
            name = "admitted"
        data = schema().dump(view)
        self._lines.push(
            row.connection, name, data, may=Permission.ROOM_SIGNAL, appointment_id=view.appointment.id
        )

    def _locate(self, room: Room, visit: Visit) -> None:
        for location in locations(vault=self._vault, room=room, visit=visit):
            for row in room.seats:
                if row.role is SeatRole.PRACTITIONER and row.value.here:
                    data = LocationOut().dump(location)
                    may = Permission.ROOM_ADMIT
                    self._lines.push(row.connection, "location", data, may=may, appointment_id=visit.id)

    def _announce(self, session: Session, visit: Visit) -> None:
        for line in self._lines.watchers():
            if line.watches == visit.practitioner_id:
                self._list(session, line)

    def _list(self, session: Session, line: Line) -> None:
        if line.watches is None:
            return
        items = arrivals_of(session, vault=self._vault, practitioner_id=line.watches, now=self._clock.now())
        data = {"items": ArrivalOut(many=True).dump(items)}
        self._lines.push(line.sid, "arrivals", data, may=Permission.ROOM_WATCH)


def subscribe(bus: EventBus, *, clock: Clock, pushes: Pushes) -> None:
    """Hear of what happens in rooms and to the visits they are for."""

    def cancelled(session: Session, event: AppointmentCancelled) -> None:
        closing.cancelled(session, clock=clock, appointment_id=event.appointment_id)

    def moved(session: Session, event: AppointmentMoved) -> None:
        closing.moved(session, clock=clock, appointment_id=event.appointment_id)

    bus.before_commit(AppointmentCancelled, cancelled)
    bus.before_commit(AppointmentMoved, moved)
    bus.after_commit(RoomChanged, pushes.room_changed)
    bus.after_commit(LocationGiven, pushes.location_given)
    bus.after_commit(SeatTakenOver, pushes.taken_over)
    bus.after_commit(RoomEnded, pushes.ended)
