"""The room's life, act by act, and the laws that hold after any sequence of acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from clinic.errors import ClinicError, Conflict, Denied
from clinic.ids import AccountId, new_id
from clinic.video.rules.room import (
    Room,
    RoomStatus,
    Seat,
    SeatRole,
    SeatState,
    admit,
    clear,
    close,
    drop,
    end,
    join,
    leave,
    peer_of,
)


@dataclass
class Person:
    role: SeatRole
    account: AccountId = field(default_factory=lambda: AccountId(new_id()))
    seat: UUID = field(default_factory=new_id)
    page: UUID = field(default_factory=new_id)
    sockets: int = 0

    def join(self, room: Room) -> Room:
        self.sockets += 1
        return join(
            room,
            seat_id=self.seat,
            account_id=self.account,
            role=self.role,
            instance=self.page,
            connection=f"{self.role}-{self.sockets}",
        )

    def reload(self) -> None:
        self.page = new_id()

    def drop(self, room: Room) -> Room:
        return drop(room, seat_id=self.seat, connection=f"{self.role}-{self.sockets}")


@pytest.fixture
def therapist() -> Person:
    return Person(SeatRole.PRACTITIONER)


@pytest.fixture
def patient() -> Person:
    return Person(SeatRole.PATIENT)


def call(therapist: Person, patient: Person) -> Room:
    room = patient.join(therapist.join(Room()))
    return admit(room, by=therapist.seat, seat_id=patient.seat, epoch=room.epoch)


def test_a_patient_waits_until_admitted(therapist: Person, patient: Person) -> None:
    room = patient.join(Room())
    assert room.seat(patient.seat).state is SeatState.WAITING
    room = therapist.join(room)
    assert room.seat(therapist.seat).state is SeatState.ADMITTED
    with pytest.raises(Denied, match="not_admitted"):
        peer_of(room, seat_id=patient.seat, epoch=room.epoch)
    room = admit(room, by=therapist.seat, seat_id=patient.seat, epoch=room.epoch)
    assert peer_of(room, seat_id=patient.seat, epoch=room.epoch).id == therapist.seat
    assert peer_of(room, seat_id=therapist.seat, epoch=room.epoch).id == patient.seat


def test_the_therapist_hears_nothing_from_who_waits(therapist: Person, patient: Person) -> None:
    room = patient.join(therapist.join(Room()))
    with pytest.raises(Conflict, match="no_peer"):
        peer_of(room, seat_id=therapist.seat, epoch=room.epoch)


def test_a_reload_keeps_the_seat_and_raises_the_epoch(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    dropped = patient.drop(room)
    assert dropped.epoch == room.epoch
    assert not dropped.seat(patient.seat).here
    patient.reload()
    back = patient.join(dropped)
    assert back.seat(patient.seat).talks
    assert back.epoch == room.epoch + 1
    assert len(back.seats) == 2


def test_a_dropped_socket_of_the_same_page_keeps_the_epoch(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    back = patient.join(patient.drop(room))
    assert back.epoch == room.epoch
    assert back.seat(patient.seat).talks


def test_an_older_socket_that_closes_late_takes_nothing_away(therapist: Person, patient: Person) -> None:
    room = patient.join(call(therapist, patient))
    assert drop(room, seat_id=patient.seat, connection="patient-1") == room


def test_who_left_waits_again(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    room = leave(room, seat_id=patient.seat, epoch=room.epoch)
    assert room.others(therapist.seat) == ()
    assert patient.join(room).seat(patient.seat).state is SeatState.WAITING


def test_leaving_the_waiting_room_touches_no_connection(therapist: Person, patient: Person) -> None:
    room = patient.join(therapist.join(Room()))
    assert leave(room, seat_id=patient.seat, epoch=room.epoch).epoch == room.epoch


def test_the_patient_stays_in_while_the_therapist_comes_and_goes(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    room = leave(room, seat_id=therapist.seat, epoch=room.epoch)
    assert room.seat(patient.seat).state is SeatState.ADMITTED
    assert therapist.join(room).seat(therapist.seat).talks


def test_an_ended_room_is_opened_again_by_the_therapist_only(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    room = end(room, by=therapist.seat, epoch=room.epoch)
    with pytest.raises(Conflict, match="room_closed"):
        patient.join(room)
    room = patient.join(therapist.join(room))
    assert room.status is RoomStatus.OPEN
    assert room.seat(patient.seat).state is SeatState.WAITING


def test_a_closed_room_stays_closed(therapist: Person, patient: Person) -> None:
    room = close(call(therapist, patient))
    assert close(room) == room
    for person in (therapist, patient):
        with pytest.raises(Conflict, match="room_closed"):
            person.join(room)


def test_a_moved_visits_room_is_emptied_and_stays_open_unless_it_was_closed(
    therapist: Person, patient: Person
) -> None:
    room = call(therapist, patient)
    emptied = clear(room)
    assert emptied.status is RoomStatus.OPEN
    assert emptied.epoch > room.epoch
    assert patient.join(emptied).seat(patient.seat).state is SeatState.WAITING
    assert clear(close(room)).status is RoomStatus.CLOSED


def test_a_call_goes_on_while_both_are_in_and_reachable(therapist: Person, patient: Person) -> None:
    assert not therapist.join(Room()).in_call
    room = call(therapist, patient)
    assert room.in_call
    assert not patient.drop(room).in_call
    assert not leave(room, seat_id=therapist.seat, epoch=room.epoch).in_call


def test_only_the_therapist_admits_and_ends(therapist: Person, patient: Person) -> None:
    room = patient.join(therapist.join(Room()))
    with pytest.raises(Denied, match="not_permitted"):
        admit(room, by=patient.seat, seat_id=patient.seat, epoch=room.epoch)
    with pytest.raises(Denied, match="not_permitted"):
        end(room, by=patient.seat, epoch=room.epoch)


def test_admitting_twice_changes_nothing(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    assert admit(room, by=therapist.seat, seat_id=patient.seat, epoch=room.epoch) == room


def test_who_has_left_cannot_be_admitted(therapist: Person, patient: Person) -> None:
    room = patient.join(therapist.join(Room()))
    room = leave(room, seat_id=patient.seat, epoch=room.epoch)
    with pytest.raises(Conflict, match="no_seat"):
        admit(room, by=therapist.seat, seat_id=patient.seat, epoch=room.epoch)


def test_words_of_an_older_epoch_are_refused(therapist: Person, patient: Person) -> None:
    room = call(therapist, patient)
    old = room.epoch - 1
    for act in (
        lambda: peer_of(room, seat_id=patient.seat, epoch=old),
        lambda: admit(room, by=therapist.seat, seat_id=patient.seat, epoch=old),
        lambda: leave(room, seat_id=patient.seat, epoch=old),
        lambda: end(room, by=therapist.seat, epoch=old),
    ):
        with pytest.raises(Conflict, match="stale_epoch"):
            act()


def test_there_is_no_seat_of_another_room(therapist: Person) -> None:
    with pytest.raises(Conflict, match="no_seat"):
        Room().seat(therapist.seat)


def test_the_therapist_is_the_polite_one() -> None:
    assert SeatRole.PRACTITIONER.polite
    assert not SeatRole.PATIENT.polite


class AnyCall(RuleBasedStateMachine):
    """Acts in any order: seats are never doubled, epochs never fall, and only the admitted talk."""

    def __init__(self) -> None:
        super().__init__()
        self.people = (Person(SeatRole.PRACTITIONER), Person(SeatRole.PATIENT))
        self.room = Room()
        self.before = self.room
        self.admitted_once = False

    def act(self, change: object) -> None:
        self.before = self.room
        try:
            self.room = change() if callable(change) else self.room
        except ClinicError:
            assert self.room == self.before

    @rule(who=st.integers(0, 1), fresh=st.booleans())
    def joins(self, who: int, fresh: bool) -> None:
        if fresh:
            self.people[who].reload()
        self.act(lambda: self.people[who].join(self.room))

    @rule(who=st.integers(0, 1))
    @precondition(lambda self: len(self.room.seats) == 2)
    def drops(self, who: int) -> None:
        self.act(lambda: self.people[who].drop(self.room))

    @rule(by=st.integers(0, 1), late=st.integers(0, 1))
    def admits(self, by: int, late: int) -> None:
        seat = self.people[1].seat
        self.act(
            lambda: admit(self.room, by=self.people[by].seat, seat_id=seat, epoch=self.room.epoch - late)
        )
        self.admitted_once |= by == 0

    @rule(who=st.integers(0, 1))
    def leaves(self, who: int) -> None:
        self.act(lambda: leave(self.room, seat_id=self.people[who].seat, epoch=self.room.epoch))

    @rule(who=st.integers(0, 1))
    def ends(self, who: int) -> None:
        self.act(lambda: end(self.room, by=self.people[who].seat, epoch=self.room.epoch))

    @rule()
    def closes(self) -> None:
        self.act(lambda: close(self.room))

    @invariant()
    def each_account_has_one_seat(self) -> None:
        accounts = [seat.account_id for seat in self.room.seats]
        assert len(accounts) == len(set(accounts))

    @invariant()
    def the_epoch_never_falls_and_rises_with_every_new_connection(self) -> None:
        assert self.room.epoch >= self.before.epoch
        if self.pages(self.room) != self.pages(self.before) and self.pages(self.before) - self.pages(
            self.room
        ):
            assert self.room.epoch > self.before.epoch

    @staticmethod
    def pages(room: Room) -> set[UUID | None]:
        return {seat.instance for seat in room.seats if seat.state is SeatState.ADMITTED}

    @invariant()
    def no_patient_is_in_whom_nobody_admitted(self) -> None:
        seat = self.room.seat_of(self.people[1].account)
        assert self.admitted_once or seat is None or seat.state is not SeatState.ADMITTED

    @invariant()
    def nobody_sits_in_a_room_that_is_not_open(self) -> None:
        if self.room.status is not RoomStatus.OPEN:
            assert all(seat.state is SeatState.LEFT for seat in self.room.seats)

    @invariant()
    def talk_goes_both_ways_or_not_at_all(self) -> None:
        def reached(seat: Seat) -> bool:
            try:
                peer_of(self.room, seat_id=seat.id, epoch=self.room.epoch)
            except ClinicError:
                return False
            return True

        here = [seat for seat in self.room.seats if seat.talks]
        assert all(reached(seat) == (len(here) == 2) for seat in here)


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=60, stateful_step_count=25)
