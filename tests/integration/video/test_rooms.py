"""Rooms on both databases: doors, tickets, seats, presence, call length, what is sealed and what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, NotFound, Unauthenticated
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services import changes
from clinic.video.events import EndReason, LocationGiven, RoomChanged, RoomEnded, SeatTakenOver
from clinic.video.models import JoinTicket, Room, RoomCall
from clinic.video.queries.arrivals import arrivals_of
from clinic.video.queries.rooms import SEAT_KEPT, seated_appointment
from clinic.video.queries.views import locations, views
from clinic.video.rules.arrivals import Arrival
from clinic.video.rules.room import RoomStatus, SeatState
from clinic.video.seating import SeatSessions
from clinic.video.services import closing, door, seats
from clinic.video.tasks import close_old_rooms
from tests.factories.visits import book_visit
from tests.integration.video.conftest import Scene

MINUTE = timedelta(minutes=1)


def test_a_ticket_opens_the_room_once(scene: Scene) -> None:
    ticket = scene.ticket(scene.patient)
    scene.join(scene.patient, "p1", ticket=ticket)
    with pytest.raises(Conflict, match="ticket_invalid"):
        scene.join(scene.patient, "p2", ticket=ticket)


def test_a_ticket_is_for_a_minute_and_for_its_account(scene: Scene) -> None:
    old = scene.ticket(scene.patient)
    scene.clock.advance(timedelta(seconds=60))
    with pytest.raises(Conflict, match="ticket_invalid"):
        scene.join(scene.patient, "p1", ticket=old)
    stolen = scene.ticket(scene.patient)
    with pytest.raises(Conflict, match="ticket_invalid"):
        scene.join(scene.therapist, "t1", ticket=stolen)
    with pytest.raises(Conflict, match="ticket_invalid"):
        scene.join(scene.patient, "p1", ticket="A" * 43)


def test_a_refused_ticket_of_somebody_else_stays_good_for_its_owner(scene: Scene) -> None:
    ticket = scene.ticket(scene.patient)
    with pytest.raises(Conflict, match="ticket_invalid"):
        scene.join(scene.therapist, "t1", ticket=ticket)
    assert scene.join(scene.patient, "p1", ticket=ticket).connection == "p1"


def test_tickets_are_kept_as_hashes_and_swept(scene: Scene) -> None:
    ticket = scene.ticket(scene.patient)
    scene.clock.advance(2 * MINUTE)
    scene.ticket(scene.patient)
    with snapshot(scene.database) as session:
        kept = session.scalars(select(JoinTicket.token_hash)).all()
    assert len(kept) == 1
    assert ticket.encode() not in kept[0]


def test_strangers_find_no_door(scene: Scene) -> None:
    for stranger in (scene.diary.patient_actors[1], scene.diary.therapist_actors[1], scene.diary.desk):
        with pytest.raises(NotFound):
            scene.ticket(stranger)


def test_the_door_opens_and_closes(scene: Scene) -> None:
    scene.clock.set(scene.visit.starts_at - 16 * MINUTE)
    with pytest.raises(Conflict, match="room_not_open") as early:
        scene.ticket(scene.patient)
    assert early.value.facts == {"opens_at": (scene.visit.starts_at - 15 * MINUTE).isoformat()}
    assert scene.ticket(scene.therapist)
    scene.clock.set(scene.visit.ends_at + 60 * MINUTE)
    with pytest.raises(Conflict, match="room_closed"):
        scene.ticket(scene.patient)
    assert scene.ticket(scene.therapist)


def test_only_video_visits_have_a_room(scene: Scene) -> None:
    by_phone = book_visit(
        scene.database,
        scene.vault,
        scene.clock,
        scene.diary,
        patient=scene.diary.patient_actors[1],
        modality=Modality.PHONE,
        number=2,
    )
    scene.clock.set(by_phone.starts_at)
    with scene.act() as session, pytest.raises(Conflict, match="room_closed"):
        door.open_room(
            session,
            actor=scene.diary.patient_actors[1],
            clock=scene.clock,
            appointment_id=by_phone.id,
        )


def test_the_patient_waits_is_admitted_and_both_are_in(scene: Scene) -> None:
    patient = scene.join(scene.patient, "p1")
    assert scene.room().seat(patient.seat_id).state is SeatState.WAITING
    therapist = scene.join(scene.therapist, "t1")
    scene.admit(therapist, patient)
    assert scene.room().in_call
    assert RoomChanged(patient.room_id, joined=patient.seat_id) in scene.heard
    assert RoomChanged(patient.room_id, admitted=patient.seat_id) in scene.heard


def test_a_reload_keeps_the_seat(scene: Scene) -> None:
    _, patient = scene.call()
    epoch = scene.room().epoch
    scene.drop(patient)
    assert not scene.room().in_call
    back = scene.join(scene.patient, "p2")
    assert back.seat_id == patient.seat_id
    assert scene.room().in_call
    assert scene.room().epoch == epoch + 1


def test_a_dropped_line_of_the_same_page_keeps_its_peer_connection(scene: Scene) -> None:
    page = new_id()
    scene.join(scene.therapist, "t1", page=page)
    epoch = scene.room().epoch
    scene.join(scene.therapist, "t2", page=page)
    assert scene.room().epoch == epoch
    assert [e.connection for e in scene.heard if isinstance(e, SeatTakenOver)] == ["t1"]


def test_what_an_older_socket_says_is_no_longer_taken(scene: Scene) -> None:
    _, patient = scene.call()
    scene.join(scene.patient, "p2")
    with pytest.raises(Conflict, match="not_joined"):
        scene.leave(scene.patient, patient)
    scene.drop(patient)
    assert scene.room().in_call


def test_call_length_and_attendance_are_what_happened(scene: Scene) -> None:
    scene.clock.set(scene.visit.starts_at)
    therapist, patient = scene.call()
    scene.clock.advance(20 * MINUTE)
    scene.drop(patient)
    scene.clock.advance(2 * MINUTE)
    patient = scene.join(scene.patient, "p2")
    scene.clock.advance(18 * MINUTE)
    scene.leave(scene.patient, patient)
    scene.clock.advance(5 * MINUTE)
    scene.end(therapist)
    assert scene.attendance() == [
        ("patient", 0, 20),
        ("practitioner", 0, 45),
        ("patient", 22, 40),
    ] or scene.attendance() == [("practitioner", 0, 45), ("patient", 0, 20), ("patient", 22, 40)]
    with snapshot(scene.database) as session:
        calls = session.scalars(select(RoomCall).join(Room).where(Room.appointment_id == scene.visit.id))
        together = [call.ended_at - call.began_at for call in calls if call.ended_at]
        assert sum(together, start=timedelta()) == 38 * MINUTE


def test_who_leaves_waits_again_and_an_ended_call_is_reopened_by_the_therapist(scene: Scene) -> None:
    therapist, patient = scene.call()
    scene.leave(scene.patient, patient)
    again = scene.join(scene.patient, "p2")
    assert scene.room().seat(again.seat_id).state is SeatState.WAITING
    scene.end(therapist)
    ended = [event for event in scene.heard if isinstance(event, RoomEnded)]
    assert [(event.reason, event.connections) for event in ended] == [(EndReason.ENDED, ("p2", "t1"))]
    with pytest.raises(Conflict, match="room_closed"):
        scene.ticket(scene.patient)
    scene.join(scene.therapist, "t2")
    assert scene.room().status is RoomStatus.OPEN
    assert scene.join(scene.patient, "p3").seat_id == patient.seat_id


def test_only_the_therapist_admits_and_ends(scene: Scene) -> None:
    _, patient = scene.call()
    with pytest.raises(Denied, match="not_permitted"):
        scene.admit(patient, patient)
    with pytest.raises(Denied, match="not_permitted"):
        scene.end(patient)


def test_where_the_patient_is_is_sealed_for_the_therapist_and_gone_at_the_end(scene: Scene) -> None:
    patient = scene.join(scene.patient, "p1")
    scene.locate(patient, "Ramallah, al-Tireh", "+970599000000")
    assert LocationGiven(patient.room_id, patient.seat_id) in scene.heard
    row = next(seat for seat in scene.row().seats if seat.id == patient.seat_id)
    assert row.place_sealed is not None
    assert b"Ramallah" not in row.place_sealed
    found = locations(vault=scene.vault, room=scene.row(), visit=scene.visit)
    assert [(place.place, place.phone) for place in found] == [("Ramallah, al-Tireh", "+970599000000")]
    therapist = scene.join(scene.therapist, "t1")
    scene.leave(scene.patient, patient)
    assert locations(vault=scene.vault, room=scene.row(), visit=scene.visit)
    scene.end(therapist)
    assert locations(vault=scene.vault, room=scene.row(), visit=scene.visit) == []


def test_only_the_patient_says_where_they_are(scene: Scene) -> None:
    therapist, _ = scene.call()
    with pytest.raises(Denied, match="not_permitted"):
        scene.locate(therapist, "here")


def test_acts_are_in_the_trail_and_texts_are_not(scene: Scene) -> None:
    therapist, patient = scene.call()
    scene.locate(patient, "Ramallah")
    scene.join(scene.therapist, "t2")
    scene.leave(scene.patient, patient)
    with snapshot(scene.database) as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    wanted = {"open", "join", "admit", "leave", "location.give", "location.read"}
    assert {f"room.{act}" for act in wanted} <= actions
    assert therapist.room_id == patient.room_id


def test_arrivals_tell_how_far_a_patient_has_come(scene: Scene) -> None:
    def seen(practitioner: int = 0) -> list[Arrival]:
        with snapshot(scene.database) as session:
            items = arrivals_of(
                session,
                vault=scene.vault,
                practitioner_id=scene.diary.practitioners[practitioner],
                now=scene.clock.now(),
            )
        return [item.state for item in items]

    with scene.act() as session:
        room_id = door.arrive(
            session,
            actor=scene.patient,
            clock=scene.clock,
            appointment_id=scene.visit.id,
            connection="page",
        )
    assert seen() == [Arrival.ARRIVED]
    assert seen(practitioner=1) == []
    with scene.act() as session:
        door.withdraw(
            session, room_id=room_id, account_id=scene.patient.account_id, connection="another page"
        )
    assert seen() == [Arrival.ARRIVED]
    with scene.act() as session:
        door.withdraw(session, room_id=room_id, account_id=scene.patient.account_id, connection="page")
    assert seen() == []
    patient = scene.join(scene.patient, "p1")
    assert seen() == [Arrival.WAITING]
    scene.admit(scene.join(scene.therapist, "t1"), patient)
    assert seen() == [Arrival.ADMITTED]
    scene.drop(patient)
    assert seen() == [Arrival.AWAY]
    scene.clock.set(scene.visit.ends_at + 60 * MINUTE)
    assert seen() == []


def test_who_waits_does_not_see_what_the_therapist_sends(scene: Scene) -> None:
    therapist = scene.join(scene.therapist, "t1")
    with scene.act() as session:
        seats.set_media(
            session,
            clock=scene.clock,
            place=therapist,
            epoch=scene.room().epoch,
            mic=True,
            camera=False,
            sound_only=False,
        )
    patient = scene.join(scene.patient, "p1")

    def peers_of(place: seats.Place) -> list[object]:
        with snapshot(scene.database) as session:
            found = views(session, vault=scene.vault, room=scene.row(), visit=scene.visit)
        return [peer.media for row, view in found for peer in view.peers if row.id == place.seat_id]

    assert peers_of(patient) == [None]
    scene.admit(therapist, patient)
    assert peers_of(patient) != [None]


def test_an_admitted_seat_keeps_its_session_for_its_visit_and_two_minutes_beyond(scene: Scene) -> None:
    keeper = SeatSessions(scene.database, scene.clock)
    session_id = scene.patient.session_id
    assert session_id is not None
    patient = scene.join(scene.patient, "p1")
    assert keeper.appointment_of(session_id) is None  # waiting is not sitting
    scene.admit(scene.join(scene.therapist, "t1"), patient)
    assert keeper.appointment_of(session_id) == scene.visit.id
    scene.clock.advance(60 * MINUTE)
    assert keeper.appointment_of(session_id) == scene.visit.id
    scene.drop(patient)
    scene.clock.advance(SEAT_KEPT - timedelta(seconds=1))
    assert keeper.appointment_of(session_id) == scene.visit.id
    scene.clock.advance(timedelta(seconds=1))
    assert keeper.appointment_of(session_id) is None


def test_leaving_and_ending_let_go_of_the_sessions_at_once(scene: Scene) -> None:
    therapist, patient = scene.call()
    scene.leave(scene.patient, patient)
    scene.end(therapist)
    with snapshot(scene.database) as session:
        for actor in (scene.patient, scene.therapist):
            assert actor.session_id is not None
            assert seated_appointment(session, session_id=actor.session_id, now=scene.clock.now()) is None


def test_a_confined_session_joins_its_own_room_only(scene: Scene) -> None:
    ticket = scene.ticket(scene.patient)
    elsewhere = replace(scene.patient, confined_to=AppointmentId(new_id()))
    with pytest.raises(Unauthenticated, match="session_idle"):
        scene.join(elsewhere, "p1", ticket=ticket)
    scene.join(replace(scene.patient, confined_to=scene.visit.id), "p1", ticket=ticket)


def test_a_cancelled_visit_closes_its_room_for_good(scene: Scene, bus: EventBus) -> None:
    from clinic.scheduling.events import AppointmentCancelled

    def close(session: object, event: AppointmentCancelled) -> None:
        closing.cancelled(session, clock=scene.clock, appointment_id=event.appointment_id)  # type: ignore[arg-type]

    bus.before_commit(AppointmentCancelled, close)
    scene.call()
    with scene.act() as session:
        changes.cancel(
            session,
            actor=scene.diary.desk,
            clock=scene.clock,
            fields=scene.vault.fields,
            appointment_id=scene.visit.id,
            reason=None,
        )
    assert scene.room().status is RoomStatus.CLOSED
    ended = [event for event in scene.heard if isinstance(event, RoomEnded)]
    assert [(event.reason, event.connections) for event in ended] == [(EndReason.CANCELLED, ("p1", "t1"))]
    for actor in (scene.patient, scene.therapist):
        with pytest.raises(Conflict, match="room_closed"):
            scene.ticket(actor)


def test_a_moved_visit_empties_its_room_and_leaves_it_open(scene: Scene) -> None:
    scene.call()
    with scene.act() as session:
        closing.moved(session, clock=scene.clock, appointment_id=scene.visit.id)
    assert scene.room().status is RoomStatus.OPEN
    assert all(seat.state is SeatState.LEFT for seat in scene.room().seats)
    assert scene.join(scene.patient, "p2").connection == "p2"


def test_visits_without_a_room_have_none_to_close(scene: Scene) -> None:
    with scene.act() as session:
        closing.cancelled(session, clock=scene.clock, appointment_id=scene.visit.id)
        closing.moved(session, clock=scene.clock, appointment_id=scene.visit.id)


def test_rooms_close_when_their_day_is_over_and_forget_where_people_were(scene: Scene) -> None:
    _, patient = scene.call()
    scene.locate(patient, "Ramallah")
    assert close_old_rooms(scene.database, scene.clock) == 0
    scene.clock.advance(timedelta(days=1))
    assert close_old_rooms(scene.database, scene.clock) == 1
    assert close_old_rooms(scene.database, scene.clock) == 0
    assert scene.room().status is RoomStatus.CLOSED
    assert locations(vault=scene.vault, room=scene.row(), visit=scene.visit) == []


def test_a_failed_act_leaves_nothing_behind(scene: Scene) -> None:
    scene.call()
    before, heard = scene.row().value, len(scene.heard)
    with scene.act() as session:
        entries = session.scalar(select(func.count()).select_from(AuditEntry))
    with pytest.raises(Conflict, match="ticket_invalid"):
        scene.join(scene.patient, "p9", ticket="B" * 43)
    with scene.act() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries
    assert scene.row().value == before
    assert len(scene.heard) == heard
