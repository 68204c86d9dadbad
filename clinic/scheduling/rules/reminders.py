"""When people are reminded of a visit: as long before it as the service says; only the next one counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

Steps = tuple[timedelta, ...]

MOST_STEPS = 5
SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(days=28)
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder to queue: how long before the visit it is sent, and at which instant that is."""

    step: timedelta
    due_at: datetime


def planned(steps: Iterable[timedelta], starts_at: datetime, now: datetime) -> Iterator[Reminder]:
    """Yield the reminders that still lie ahead, the first first."""
    for step in sorted(set(steps), reverse=True):
        if starts_at - step > now:
            yield Reminder(step, starts_at - step)


def turn(steps: Iterable[timedelta], starts_at: datetime, now: datetime) -> timedelta | None:
    """Return the step whose turn it is at `now`: the nearest that has come; None before and after all.

    A reminder that is late by so much that the next one is due has nothing left to say.
    """
    if now >= starts_at:
        return None
    return min((step for step in steps if starts_at - step <= now), default=None)


def name_of(step: timedelta, appointment: UUID, starts_at: datetime, who: UUID) -> str:
    """Return what a reminder is called: a visit that moves has others, one that moves back the same again."""
    return f"reminder:{label(step)}:{appointment}:{starts_at.astimezone(UTC):%Y%m%dT%H%MZ}:{who}"


def label(step: timedelta) -> str:
    """Return a step as settings write it, such as "2d"."""
    for unit, length in _UNITS:
        if not step % length:
            return f"{step // length}{unit}"
    raise ValueError("a step is whole minutes")


def objection(minutes: Iterable[int]) -> str | None:
    """Return what speaks against these steps, in minutes before a visit; None where nothing does."""
    chosen = list(minutes)
    if len(chosen) > MOST_STEPS or len(set(chosen)) != len(chosen):
        return f"At most {MOST_STEPS} different times."
    shortest, longest = SHORTEST // timedelta(minutes=1), LONGEST // timedelta(minutes=1)
    if any(not shortest <= one <= longest for one in chosen):
        return f"Between {shortest} and {longest} minutes before the visit."
    return None
