"""What a new clinic still needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinic.scheduling.rules.set_up import Facts, State, Task, is_ready, steps

NOTHING = Facts(3, 0, 0, 0, 0, 0, 0, 0, 0, 0)
ALL = Facts(0, 1, 2, 1, 3, 2, 1, 2, 2, 1)


def state(facts: Facts, task: Task) -> State:
    """Return how far a task is."""
    return next(step.state for step in steps(facts) if step.task is task)


def test_an_empty_clinic_has_everything_to_do_but_rooms() -> None:
    assert {step.task for step in steps(NOTHING) if step.state is State.TO_DO} == set(Task) - {Task.ROOMS}
    assert not is_ready(steps(NOTHING))


def test_a_clinic_that_offers_a_time_is_ready() -> None:
    assert is_ready(steps(ALL))
    assert [step.count for step in steps(ALL)] == [0, 1, 2, 3, 2, 2, 2, 1]


@pytest.mark.parametrize(
    ("in_person", "rooms", "expected"),
    [(0, 0, State.OPTIONAL), (1, 0, State.TO_DO), (1, 1, State.DONE), (0, 1, State.DONE)],
)
def test_rooms_are_for_visits_in_person(in_person: int, rooms: int, expected: State) -> None:
    assert state(replace(NOTHING, in_person=in_person, rooms=rooms), Task.ROOMS) is expected


def test_people_who_have_not_answered_are_waited_for() -> None:
    assert state(replace(NOTHING, invited=1), Task.PEOPLE) is State.WAITING
    assert state(replace(NOTHING, invited=1, practitioners=1), Task.PEOPLE) is State.DONE
