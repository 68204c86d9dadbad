"""The rules of the database at work: a refusal is told by its rule, and a deadlock is tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from clinic.db.base import UTCDateTime
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.guard import EX_PATIENT, EX_PRACTITIONER, EX_ROOM, RULES
from clinic.scheduling.rules.booking import LIVE, LONGEST

_TRIES = 3
_DEADLOCK = "40P01"

T = TypeVar("T")


class Overlap(Exception):
    """The database refused to put somebody in two visits at once; `rule` says whom, or which room."""

    def __init__(self, rule: str) -> None:
        """Keep the name of the constraint."""
        super().__init__(rule)
        self.rule = rule


def guarded(session: Session, write: Callable[[], T]) -> T:
    """Do `write` in a savepoint; raises Overlap where the database refuses it."""
    for attempt in range(_TRIES):
        try:
            with session.begin_nested():
                return write()
        except IntegrityError as error:
            raise Overlap(_rule(error)) from None
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _DEADLOCK or attempt + 1 == _TRIES:
                raise
    raise AssertionError("unreachable")


def rule_against(session: Session, values: Mapping[str, object]) -> str:
    """Tell which rule made PostgreSQL leave the row out: it does not say."""
    for rule, whose, start, end in (
        (EX_PATIENT, "patient_id", "starts_at", "ends_at"),
        (EX_ROOM, "room_id", "busy_from", "busy_to"),
    ):
        if values.get(whose) is None:
            continue
        clash = select(Appointment.id).where(
            getattr(Appointment, whose) == values[whose],
            getattr(Appointment, start) < values[end],
            getattr(Appointment, end) > values[start],
            Appointment.status.in_(LIVE),
        )
        if session.execute(clash).first():
            return rule
    return EX_PRACTITIONER


_ROW = Appointment.__table__.c
_START, _END = (bindparam(name, type_=UTCDateTime) for name in ("start", "end"))
# A visit takes some of the time of its practitioner and room that `stretch` names; or of its patient.
TOUCHING = (
    _ROW.busy_from < _END,
    _ROW.busy_from > bindparam("reach", type_=UTCDateTime),
    _ROW.busy_to > _START,
)
MEETING = (_ROW.starts_at < _END, _ROW.ends_at > _START)


def stretch(start: object, end: object) -> dict[str, object]:
    """Return what `TOUCHING` and `MEETING` ask for; an instant each."""
    assert isinstance(start, datetime)
    return {"start": start, "reach": start - LONGEST, "end": end}


def _rule(error: IntegrityError) -> str:
    for rule in RULES:
        if rule in str(error.orig):
            return rule
    raise error
