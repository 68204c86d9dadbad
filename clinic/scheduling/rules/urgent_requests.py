"""An urgent request and what becomes of it: asked step by step, claimed by one, closed with an outcome.

Nobody writes here why it is urgent: that belongs into a note. Codes alone say how it went on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from clinic.scheduling.rules.on_call import MOST_STEPS

DESK = MOST_STEPS + 1  # the step after the last: reception and the administration
SHOWN_FOR = timedelta(hours=24)  # so long a closed request stays in the list
CLAIMED_LONG = timedelta(hours=2)  # by then whoever has claimed it has spoken, booked or handed it on
# How long the desk has each time before it is told again that a request waits; the last holds from then on.
_DESK_WAITS = (
    timedelta(minutes=15),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
)


class RequestState(StrEnum):
    """How a request stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What came of a request, as whoever closed it says."""

    VISIT = "visit"
    SPOKEN = "spoken"
    PASSED_ON = "passed_on"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


NOTED = frozenset(Outcome) - {Outcome.VISIT}  # a visit closes a request by being placed


class Happening(StrEnum):
    """One step of a request's way, kept for good."""

    RAISED = "raised"
    ASKED = "asked"
    NOBODY = "nobody"
    DESK = "desk"
    CLAIMED = "claimed"
    HANDED_ON = "handed_on"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A request as the rules look at it: who has it, and who was asked."""

    state: RequestState
    claimed_by: UUID | None
    asked: Collection[UUID]


@dataclass(frozen=True, slots=True)
class Acts:
    """What somebody may do with a request now."""

    claim: bool
    hand_on: bool
    close: bool


def told_again_after(times: int) -> timedelta:
    """Return how long the desk, told `times` times of a request, has to claim it before it is told again."""
    return _DESK_WAITS[min(times, len(_DESK_WAITS)) - 1]


def acts(standing: Standing, *, account: UUID, practitioner: UUID | None, desk: bool) -> Acts:
    """Return what may be done: whoever was asked claims or hands on, who has it closes it, the desk all."""
    if standing.state is RequestState.CLOSED:
        return Acts(claim=False, hand_on=False, close=False)
    asked = desk or practitioner in standing.asked
    if standing.state is RequestState.OPEN:
        return Acts(claim=asked, hand_on=asked, close=desk)
    holds = desk or standing.claimed_by == account
    return Acts(claim=False, hand_on=holds, close=holds)
