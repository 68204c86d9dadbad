"""Many at once at one door: one seat each, one epoch after the other, nobody waits crosswise."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from clinic.bus import EventBus
from clinic.errors import ClinicError
from clinic.scheduling.events import AppointmentCancelled
from clinic.scheduling.services import changes
from clinic.video.rules.room import RoomStatus, SeatState
from clinic.video.services import closing
from tests.integration.video.conftest import Scene


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own; a refusal is a result."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except ClinicError as error:
            return error.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def test_one_ticket_used_ten_times_at_once_lets_one_in(scene: Scene) -> None:
    ticket = scene.ticket(scene.patient)
    results = at_once(
        *(
            lambda number=number: scene.join(scene.patient, f"p{number}", ticket=ticket)
            for number in range(10)
        )
    )
    assert results.count("ticket_invalid") == 9
    assert len(scene.room().seats) == 1


def test_the_first_to_come_at_once_find_one_room_and_a_seat_each(scene: Scene) -> None:
    at_once(
        *(
            lambda actor=actor, number=number: scene.join(actor, f"s{number}")
            for number, actor in enumerate((scene.patient, scene.therapist) * 4)
        )
    )
    room = scene.room()
    assert len(room.seats) == 2
    assert room.seat_of(scene.patient.account_id) is not None
    assert all(seat.here for seat in room.seats)


def test_a_visit_cancelled_while_people_join_ends_with_an_empty_closed_room(
    scene: Scene, bus: EventBus
) -> None:
    def close(session: object, event: AppointmentCancelled) -> None:
        closing.cancelled(session, clock=scene.clock, appointment_id=event.appointment_id)  # type: ignore[arg-type]

    bus.before_commit(AppointmentCancelled, close)
    scene.call()

    def cancel() -> None:
        with scene.act() as session:
            changes.cancel(
                session,
                actor=scene.diary.desk,
                clock=scene.clock,
                fields=scene.vault.fields,
                appointment_id=scene.visit.id,
                reason=None,
            )

    joins = [
        lambda actor=actor, number=number: scene.join(actor, f"s{number}")
        for number, actor in enumerate((scene.patient, scene.therapist) * 3)
    ]
    results = at_once(*joins[:3], cancel, *joins[3:])
    if results[3] == "appointment_changed":
        cancel()
    assert results[3] in {None, "appointment_changed"}
    assert scene.room().status is RoomStatus.CLOSED
    assert all(seat.state is SeatState.LEFT and not seat.here for seat in scene.room().seats)
