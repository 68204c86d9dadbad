"""Lines that go without a word are noticed, and one room's fault holds up no other, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.db.transaction import snapshot
from clinic.video.events import RoomChanged
from clinic.video.queries.rooms import SEAT_KEPT, room_of, seated_appointment
from clinic.video.rules.room import RoomStatus
from clinic.video.services import door, silence
from clinic.video.services.silence import LEASE
from clinic.video.tasks import close_old_rooms, forget_lines, forget_silent_lines
from tests.factories.visits import book_visit
from tests.integration.video.conftest import Scene

SECOND = timedelta(seconds=1)


def renew(scene: Scene, *sockets: str) -> None:
    """Let a web process speak for its sockets."""
    with scene.act() as session:
        silence.renew(session, clock=scene.clock, connections=sockets)


def test_a_seat_that_nobody_speaks_for_has_lost_its_line(scene: Scene) -> None:
    scene.call()
    scene.clock.advance(LEASE - SECOND)
    renew(scene, "t1")
    assert forget_silent_lines(scene.database, scene.clock) == 0
    scene.clock.advance(SECOND)
    assert forget_silent_lines(scene.database, scene.clock) == 1
    room = scene.room()
    therapist, patient = room.seat_of(scene.therapist.account_id), room.seat_of(scene.patient.account_id)
    assert therapist is not None
    assert patient is not None
    assert (therapist.connection, patient.connection) == ("t1", None)
    assert not room.in_call
    assert {who for who, _joined, left in scene.attendance() if left is not None} == {"patient"}


def test_a_silent_seat_keeps_no_session_alive(scene: Scene) -> None:
    scene.call()
    session_id = scene.therapist.session_id
    assert session_id is not None
    scene.clock.advance(LEASE)
    forget_silent_lines(scene.database, scene.clock)
    scene.clock.advance(SEAT_KEPT)
    with snapshot(scene.database) as session:
        assert seated_appointment(session, session_id=session_id, now=scene.clock.now()) is None


def test_a_waiting_room_page_that_nobody_speaks_for_is_gone(scene: Scene) -> None:
    with scene.act() as session:
        door.arrive(
            session,
            actor=scene.patient,
            clock=scene.clock,
            appointment_id=scene.visit.id,
            connection="p1",
        )
    scene.clock.advance(LEASE)
    assert forget_silent_lines(scene.database, scene.clock) == 1
    assert [row.lobby for row in scene.row().seats] == [None]


def test_who_came_back_meanwhile_keeps_the_line(scene: Scene) -> None:
    _, patient = scene.call()
    with snapshot(scene.database) as session:
        (old, *_) = [line for line in silence.held(session) if line.seat_id == patient.seat_id]
    scene.clock.advance(LEASE)
    scene.join(scene.patient, "p2")
    with scene.act() as session:
        silence.forget(session, clock=scene.clock, line=old)
    back = scene.room().seat_of(scene.patient.account_id)
    assert back is not None
    assert back.connection == "p2"


def test_a_web_process_that_starts_alone_finds_all_lines_dead(scene: Scene) -> None:
    scene.call()
    assert forget_lines(scene.database, scene.clock) == 2
    assert not any(seat.here for seat in scene.room().seats)


def test_a_room_that_cannot_be_closed_holds_up_no_other(scene: Scene, bus: EventBus) -> None:
    other = book_visit(
        scene.database,
        scene.vault,
        scene.clock,
        scene.diary,
        patient=scene.diary.patient_actors[1],
        number=2,
    )
    scene.ticket(scene.patient)
    with scene.act() as session:
        scene.clock.set(other.starts_at)
        door.open_room(
            session, actor=scene.diary.patient_actors[1], clock=scene.clock, appointment_id=other.id
        )
    first = scene.row().id

    def fail(_session: Session, event: RoomChanged) -> None:
        if event.room_id == first:
            raise RuntimeError("this room cannot be closed")

    bus.before_commit(RoomChanged, fail)
    scene.clock.advance(timedelta(days=2))
    assert close_old_rooms(scene.database, scene.clock) == 1
    assert scene.row().status is RoomStatus.OPEN
    with snapshot(scene.database) as session:
        room = room_of(session, appointment_id=other.id)
        assert room is not None
        assert room.status is RoomStatus.CLOSED


def test_a_location_that_a_present_therapist_is_shown_is_on_record_as_read(scene: Scene) -> None:
    _, patient = scene.call()
    scene.locate(patient, "Ramallah")
    with snapshot(scene.database) as session:
        reads = select(AuditEntry.actor_id, AuditEntry.object_id)
        rows = session.execute(reads.where(AuditEntry.action == "room.location.read")).all()
    assert [tuple(row) for row in rows] == [(scene.therapist.account_id, scene.visit.id)]
