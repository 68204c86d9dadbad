"""Stretches that differ from the usual hours, and what may be said of them."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from clinic.scheduling.rules.availability import WallStretch

LONGEST = timedelta(days=366)


class ExceptionKind(StrEnum):
    """How a stretch differs: open once, closed, or the practitioner is away."""

    OPEN = "open"
    CLOSED = "closed"
    LEAVE = "leave"


DIFFERING = frozenset({ExceptionKind.OPEN, ExceptionKind.CLOSED})
LEAVE = frozenset({ExceptionKind.LEAVE})


def complaint(stretch: WallStretch) -> str | None:
    """Return what is wrong with a stretch, if anything: it ends after it starts, within a year."""
    if stretch.end <= stretch.start or stretch.span[1] <= stretch.span[0]:
        return "The end comes after the start."
    if stretch.end - stretch.start > LONGEST:
        return "This is at most a year."
    return None
