"""Who is on call now and next, the duties of a week, and the gaps ahead, for everybody at work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.scheduling.models import OnCallRota, Service
from clinic.scheduling.queries import on_call as queries
from clinic.scheduling.queries import services
from clinic.scheduling.queries.on_call import SeenDuty, SeenGap
from clinic.scheduling.queries.practitioners import names
from clinic.scheduling.rules import on_call as rules
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.on_call import Duty, Gap, Rota
from clinic.scheduling.rules.spans import span_of
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.scheduling.services.reading import Reader

LOOKED_AHEAD = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class OnCall:
    """One urgent service: who is on call now, who from `next_at` on, the duties asked for, the gaps ahead.

    Wall times are those of `tz`; `made` is False where nobody has written a rota yet.
    """

    service: UUID
    service_name: str
    tz: str
    made: bool
    around_the_clock: bool
    answer_minutes: int | None
    now: list[SeenDuty]
    next: list[SeenDuty]
    next_at: datetime | None
    next_local: str | None
    duties: list[SeenDuty]
    gaps: list[SeenGap]


@dataclass(frozen=True, slots=True)
class _Found:
    now: list[Duty]
    next: list[Duty]
    next_at: datetime | None
    duties: list[Duty]
    gaps: list[Gap]


def overview(session: Session, reader: Reader, window: Interval, tz: str) -> list[OnCall]:
    """Return every urgent service with its duties in `window`, on the clocks of `tz`."""
    return [_seen(session, reader, one, window, tz) for one in queries.urgent_services(session)]


def _seen(session: Session, reader: Reader, service: Service, window: Interval, tz: str) -> OnCall:
    now = reader.clock.now()
    ahead = Interval(now, now + LOOKED_AHEAD)
    whole = Interval(min(now, window.start), max(ahead.end, window.end))
    found = _find(queries.rota_of(session, service.id, whole), now, ahead, window)
    named = names(session, _people(found))
    row = session.get(OnCallRota, service.id)
    text = services.texts_of(service, reader.fields).in_language(reader.language)
    return OnCall(
        service=service.id,
        service_name=text["name"],
        tz=tz,
        made=row is not None,
        around_the_clock=row is not None and row.around_the_clock,
        answer_minutes=None if row is None else row.answer_minutes,
        now=queries.seen_duties(found.now, named, tz),
        next=queries.seen_duties(found.next, named, tz),
        next_at=found.next_at,
        next_local=None if found.next_at is None else wall_text(to_wall(found.next_at, tz)),
        duties=queries.seen_duties(found.duties, named, tz),
        gaps=queries.seen_gaps(found.gaps, named, tz),
    )


def _find(rota: Rota, now: datetime, ahead: Interval, window: Interval) -> _Found:
    next_at = rules.changes_after(rota, now, ahead.end)
    return _Found(
        now=rules.on_call(rota, now),
        next=[] if next_at is None else rules.on_call(rota, next_at),
        next_at=next_at,
        duties=rules.duties(rota, span_of(window)),
        gaps=rules.gaps(rota, span_of(ahead)),
    )


def _people(found: _Found) -> set[UUID]:
    shown: Iterable[Duty] = (*found.now, *found.next, *found.duties)
    return {one.practitioner for one in shown} | {who for gap in found.gaps for who in gap.away}
