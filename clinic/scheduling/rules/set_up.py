"""What a new clinic still needs until somebody can be booked, task by task."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    """One thing to set up, in the order in which they are done."""

    CLINIC = "clinic"
    SITES = "sites"
    ROOMS = "rooms"
    SERVICES = "services"
    PEOPLE = "people"
    OFFERS = "offers"
    HOURS = "hours"
    SLOT = "slot"


class State(StrEnum):
    """How far a task has come; what is waiting needs somebody else, what is optional nobody."""

    DONE = "done"
    TO_DO = "to_do"
    WAITING = "waiting"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is: the languages without a name of the clinic, and how many of each thing."""

    unnamed: int
    sites: int
    rooms: int
    in_person: int
    services: int
    practitioners: int
    invited: int
    offering: int
    with_hours: int
    slots: int


@dataclass(frozen=True, slots=True)
class Step:
    """A task and how far it has come; `count` is how many there are of what it is about."""

    task: Task
    state: State
    count: int


def steps(facts: Facts) -> list[Step]:
    """Return every task with its state."""
    return [
        Step(Task.CLINIC, _done(not facts.unnamed), facts.unnamed),
        Step(Task.SITES, _done(facts.sites), facts.sites),
        Step(Task.ROOMS, _rooms(facts), facts.rooms),
        Step(Task.SERVICES, _done(facts.services), facts.services),
        Step(Task.PEOPLE, _people(facts), facts.practitioners),
        Step(Task.OFFERS, _done(facts.offering), facts.offering),
        Step(Task.HOURS, _done(facts.with_hours), facts.with_hours),
        Step(Task.SLOT, _done(facts.slots), facts.slots),
    ]


def is_ready(found: list[Step]) -> bool:
    """Tell whether nothing is left to do: somebody can be booked."""
    return all(step.state in {State.DONE, State.OPTIONAL} for step in found)


def _done(there: object) -> State:
    return State.DONE if there else State.TO_DO


def _rooms(facts: Facts) -> State:
    if facts.rooms:
        return State.DONE
    return State.TO_DO if facts.in_person else State.OPTIONAL


def _people(facts: Facts) -> State:
    if facts.practitioners:
        return State.DONE
    return State.WAITING if facts.invited else State.TO_DO
