"""The lowest free room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.rooms import NO_ROOMS, Room, Rooms

START = datetime(2026, 11, 22, 9, tzinfo=UTC)


def hours(first: int, last: int) -> Interval:
    return Interval(START + timedelta(hours=first), START + timedelta(hours=last))


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["Room 10", "room 9", "Atrium", "Room 9b", "2"]
    rooms = [Room(UUID(int=number), name) for number, name in enumerate(names)]
    assert [room.name for room in sorted(rooms, key=lambda room: room.place)] == [
        "Atrium",
        "room 9",
        "Room 9b",
        "Room 10",
        "2",
    ]


def test_without_rooms_every_visit_finds_its_place() -> None:
    assert NO_ROOMS.has(hours(0, 1))
    assert list(NO_ROOMS.free(hours(0, 1))) == []


def test_a_room_that_is_free_for_half_of_the_visit_is_not_free() -> None:
    room = Room(UUID(int=1), "1")
    rooms = Rooms([room], {room.id: [hours(0, 2), hours(4, 5)]})
    assert not rooms.has(hours(1, 3))
    assert not rooms.has(hours(3, 5))
    assert rooms.has(hours(2, 4))
    assert rooms.has(hours(5, 6))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=12),
    st.integers(0, 40),
    st.integers(1, 5),
)
def test_agrees_with_looking_at_every_stretch(taken: list[tuple[int, int]], first: int, length: int) -> None:
    room = Room(UUID(int=1), "1")
    busy: list[Interval] = []
    for start, lasts in sorted(taken):
        if not busy or busy[-1].end <= hours(start, start).start:
            busy.append(hours(start, start + lasts))
    wanted = hours(first, first + length)
    assert Rooms([room], {room.id: busy}).has(wanted) is not any(one.overlaps(wanted) for one in busy)
