"""A trail that people can read: forty saves of a draft in an hour are one line, a refusal is its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from clinic.access.actor import Role

TOGETHER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LogLine:
    """What somebody did or tried with a patient's data; `times` within the hour before `at`."""

    id: UUID
    at: datetime
    actor_id: UUID
    actor_role: str
    action: str
    object_type: str | None
    object_id: UUID | None
    purpose: str | None
    outcome: str
    reason_code: str | None
    times: int = 1
    decision_id: UUID | None = None


def reason_code(reason: str | None) -> str | None:
    """Return the code at the head of a trail entry's reason; the rule path behind it stays inside."""
    return None if reason is None else reason.split(",", maxsplit=1)[0]


_ROLES = tuple(Role)  # from whom people come for, to who keeps the machine running


def main_role(roles: str) -> str:
    """Return the role of several, joined by commas, that says most about why somebody acted."""
    held = roles.split(",")
    return next((role.value for role in _ROLES if role in held and role is not Role.PATIENT), held[0])


def told_together(lines: Iterable[LogLine]) -> Sequence[LogLine]:
    """Return `lines`, newest first, with an act's repetitions counted on its newest line."""
    told: list[LogLine] = []
    for line in lines:
        if told and _same_decision(told[-1], line):
            continue  # another compartment that opened with it
        if told and _repeats(told[-1], line):
            told[-1] = replace(told[-1], times=told[-1].times + 1, decision_id=line.decision_id)
        else:
            told.append(line)
    return told


def _same_decision(newer: LogLine, line: LogLine) -> bool:
    return line.decision_id is not None and line.decision_id == newer.decision_id


def _repeats(newer: LogLine, line: LogLine) -> bool:
    same = (line.actor_id, line.action, line.object_id, line.purpose, line.reason_code) == (
        newer.actor_id,
        newer.action,
        newer.object_id,
        newer.purpose,
        newer.reason_code,
    )
    allowed = line.outcome == newer.outcome == "allowed"
    return same and allowed and newer.at - line.at <= TOGETHER
