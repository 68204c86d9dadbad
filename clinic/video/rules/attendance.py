"""How long people were in a call, from the times at which they came and went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stay:
    """One unbroken presence, `until` excluded; both UTC."""

    since: datetime
    until: datetime


def merged(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Return the same presence without overlaps, in order; empty and backward stays fall away."""
    result: list[Stay] = []
    for stay in sorted((s for s in stays if s.since < s.until), key=lambda s: s.since):
        if result and stay.since <= result[-1].until:
            result[-1] = Stay(result[-1].since, max(result[-1].until, stay.until))
        else:
            result.append(stay)
    return tuple(result)


def together(one: Iterable[Stay], other: Iterable[Stay]) -> timedelta:
    """Return how long both sides were present at once: the length of the call."""
    right = merged(other)
    return sum(
        (
            max(timedelta(0), min(a.until, b.until) - max(a.since, b.since))
            for a in merged(one)
            for b in right
        ),
        timedelta(0),
    )
