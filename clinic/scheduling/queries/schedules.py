"""What practitioners are busy with, as bare stretches: for the search it does not matter what it is.

Visits are kept apart by the database itself. Whatever else takes time is one more source: a statement with
the practitioner's key and the stretches as text (see `stored`). Those are asked when somebody books, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from clinic.db.base import UTCDateTime
from clinic.scheduling.models import Appointment, ExternalBusy
from clinic.scheduling.queries.stored import Stored, stored
from clinic.scheduling.rules.booking import LIVE, LONGEST, Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.spans import Span

# Its parameters are :ids (`Stored.among`), :start and :end, of which what overlaps is wanted, and :reach,
# a day before :start.
Source = Callable[[Stored], Select[str, str]]

_ROW, _OUTSIDE = Appointment.__table__.c, ExternalBusy.__table__.c


def busy_times(
    session: Session, keys: Iterable[str], window: Interval, now: datetime
) -> Mapping[str, list[Span]]:
    """Return what the practitioners are busy with in `window`, sorted, by the id as it is kept.

    Lapsed holds do not count.
    """
    return _read(session, (_visits, *ELSEWHERE), keys, window, now=now)


def taken_elsewhere(session: Session, keys: Iterable[str], window: Interval) -> Mapping[str, list[Span]]:
    """Return what takes the practitioners' time beside visits and holds, sorted."""
    return _read(session, ELSEWHERE, keys, window)


def _visits(kept: Stored) -> Select[str, str]:
    return (
        select(kept.key(_ROW.practitioner_id), kept.spans(_ROW.busy_from, _ROW.busy_to))
        .where(
            kept.among(_ROW.practitioner_id),
            _ROW.busy_from < bindparam("end"),
            _ROW.busy_from > bindparam("reach"),
            _ROW.busy_to > bindparam("start"),
            is_live(bindparam("now", type_=UTCDateTime)),
        )
        .group_by(_ROW.practitioner_id)
    )


def _outside(kept: Stored) -> Select[str, str]:
    return (
        select(kept.key(_OUTSIDE.practitioner_id), kept.spans(_OUTSIDE.starts_at, _OUTSIDE.ends_at))
        .where(
            kept.among(_OUTSIDE.practitioner_id),
            _OUTSIDE.starts_at < bindparam("end"),
            _OUTSIDE.starts_at > bindparam("reach"),
            _OUTSIDE.ends_at > bindparam("start"),
        )
        .group_by(_OUTSIDE.practitioner_id)
    )


ELSEWHERE: tuple[Source, ...] = (_outside,)


def _read(
    session: Session, sources: tuple[Source, ...], keys: Iterable[str], window: Interval, **asked: object
) -> Mapping[str, list[Span]]:
    kept = stored(session)
    asked |= {"ids": kept.ids(keys), "start": window.start, "end": window.end}
    asked["reach"] = window.start - LONGEST
    found: dict[str, list[Span]] = {}
    for who, text in session.execute(_statement(kept, sources), asked).all():
        spans = kept.read(text)
        found[who] = sorted(found[who] + spans) if who in found else spans
    return found


@lru_cache
def _statement(kept: Stored, sources: tuple[Source, ...]) -> Select[str, str] | CompoundSelect[str, str]:
    parts = [source(kept) for source in sources]
    return parts[0] if len(parts) == 1 else union_all(*parts)


def is_live(now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition that an appointment takes its time at `now`."""
    return and_(has_status(LIVE), or_(not_(has_status({Status.HELD})), _ROW.hold_expires_at > now))


def has_status(statuses: Collection[Status]) -> ColumnElement[bool]:
    """Return the condition, as words of the statement: lists of parameters are spelled out each time."""
    return _ROW.status.in_([literal_column(f"'{status.value}'", String) for status in sorted(statuses)])
