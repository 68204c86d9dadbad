"""Whether a guardian may be told of a minor's visit: page, reminders, feed and counts ask this decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clinic.consent.rules.provisions import Period


class Told(StrEnum):
    """Why a guardian is told of a visit or is not; it names no topic."""

    NO_GUARDIAN = "no_guardian"
    OVER = "guardianship_over"
    PRIVATE = "private"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Standing:
    """One guardianship: its time, and the topics that stay between the minor and the clinic."""

    period: Period
    private: frozenset[str]


def may_be_told(standings: Iterable[Standing], topic: str, at: datetime) -> Told:
    """Return `GUARDIAN` where a guardianship in force at `at` does not keep `topic` private, else why not.

    Of several guardianships of the same person for the same minor, each must leave the topic open: a newer
    one does not undo what the minor said to an older.
    """
    all_of_them = tuple(standings)
    live = [one for one in all_of_them if one.period.contains(at)]
    if not live:
        return Told.OVER if all_of_them else Told.NO_GUARDIAN
    return Told.PRIVATE if any(topic in one.private for one in live) else Told.GUARDIAN
