"""The rota of an urgent service: as a value to reckon with, and as people read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import (
    OnCallCover,
    OnCallRota,
    OnCallRule,
    PractitionerService,
    ScheduleException,
    Service,
)
from clinic.scheduling.queries.practitioners import at_work, names, people
from clinic.scheduling.rules.availability import WallStretch
from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.offering import Kind
from clinic.scheduling.rules.on_call import Duty, Gap, Rota, duties
from clinic.scheduling.rules.spans import Span, instant_of, merged, span_of
from clinic.scheduling.rules.zones import to_wall, wall_text

_AROUND = timedelta(days=3)  # nights, zones, and more: what may reach into a window from outside


@dataclass(frozen=True, slots=True)
class SeenDuty:
    """Somebody is on call, in wall times of the clinic; `cover` names the cover that it comes from."""

    practitioner: PractitionerId
    practitioner_name: str
    step: int
    starts_at: datetime
    ends_at: datetime
    local: str
    local_end: str
    cover: UUID | None


@dataclass(frozen=True, slots=True)
class SeenGap:
    """A step has nobody, in wall times of the clinic; `away` are the names of those on leave then."""

    step: int
    starts_at: datetime
    ends_at: datetime
    local: str
    local_end: str
    away: list[str]
    nobody: bool


def urgent_services(session: Session) -> Sequence[Service]:
    """Return the services that have somebody on call, or may have: urgent ones that are offered."""
    return session.scalars(
        select(Service)
        .where(Service.kind == Kind.URGENT, Service.active)
        .order_by(Service.minutes, Service.code, Service.id)
    ).all()


def rota_of(session: Session, service: UUID, window: Interval) -> Rota:
    """Return the rota of a service, with the covers and the leave that touch `window`.

    Who does not work here any more is away for good, and leaves a gap.
    """
    row = session.get(OnCallRota, service)
    rules = [one.rule for one in rules_of(session, service)]
    covers = [one.cover for one in covers_of(session, service, since=window.start, until=window.end)]
    whose = {rule.practitioner for rule in rules} | {cover.practitioner for cover in covers}
    around = window.widened(_AROUND, _AROUND)
    return Rota(rules, covers, leave(session, whose, around), row is not None and row.around_the_clock)


def rules_of(session: Session, service: UUID) -> Sequence[OnCallRule]:
    """Return the weekly rules of a rota in order."""
    order = (OnCallRule.step, OnCallRule.weekday, OnCallRule.starts, OnCallRule.id)
    return session.scalars(select(OnCallRule).where(OnCallRule.service_id == service).order_by(*order)).all()


def covers_of(
    session: Session, service: UUID, *, since: datetime, until: datetime | None = None
) -> Sequence[OnCallCover]:
    """Return the covers from about `since` to about `until`, in the order in which they were entered."""
    chosen = select(OnCallCover).where(
        OnCallCover.service_id == service, OnCallCover.wall_end > wall_text(since - _AROUND)
    )
    if until is not None:
        chosen = chosen.where(OnCallCover.wall_start < wall_text(until + _AROUND))
    return session.scalars(chosen.order_by(OnCallCover.created_at, OnCallCover.id)).all()


def offering(session: Session, service: UUID) -> set[UUID]:
    """Return who holds visits of a service."""
    held = select(PractitionerService.practitioner_id).where(PractitionerService.service_id == service)
    return set(session.scalars(held))


def colleagues(session: Session, service: UUID) -> set[UUID]:
    """Return who works here and holds visits of a service."""
    here = select(people.c.id).where(people.c.id.in_(offering(session, service)), at_work())
    return set(session.scalars(here))


def leave(
    session: Session, whose: Collection[PractitionerId], around: Interval
) -> dict[PractitionerId, list[Span]]:
    """Return when `whose` are away around `around`: on leave, or for good where they work here no more."""
    found: defaultdict[PractitionerId, list[Span]] = defaultdict(list)
    rows = session.scalars(
        select(ScheduleException).where(
            ScheduleException.practitioner_id.in_(whose),
            ScheduleException.kind == ExceptionKind.LEAVE,
            ScheduleException.wall_end > wall_text(around.start - _AROUND),
            ScheduleException.wall_start < wall_text(around.end + _AROUND),
        )
    )
    for row in rows:
        found[PractitionerId(row.practitioner_id)].append(row.stretch.span)
    here = set(session.scalars(select(people.c.id).where(people.c.id.in_(whose), at_work())))
    for one in whose:
        if one not in here:
            found[one].append(span_of(around))
    return {who: merged(spans) for who, spans in found.items()}


def would_be(session: Session, practitioner: PractitionerId, stretch: WallStretch) -> list[SeenDuty]:
    """Return when somebody would be on call in `stretch`, were they there; on the clocks of the stretch.

    What they leave is a gap until somebody steps in.
    """
    interval = stretch.interval
    found = [
        duty
        for service in urgent_services(session)
        for duty in duties(replace(rota_of(session, service.id, interval), leave={}), span_of(interval))
        if duty.practitioner == practitioner
    ]
    return seen_duties(found, names(session, {practitioner}), stretch.tz)


def seen_duties(found: Iterable[Duty], named: Mapping[UUID, str], tz: str) -> list[SeenDuty]:
    """Return duties on the clocks of `tz`."""
    return [
        SeenDuty(one.practitioner, named[one.practitioner], one.step, *_times(one.span, tz), one.cover)
        for one in found
    ]


def seen_gaps(found: Iterable[Gap], named: Mapping[UUID, str], tz: str) -> list[SeenGap]:
    """Return gaps on the clocks of `tz`."""
    return [
        SeenGap(one.step, *_times(one.span, tz), [named[who] for who in one.away], one.nobody)
        for one in found
    ]


def _times(span: Span, tz: str) -> tuple[datetime, datetime, str, str]:
    start, end = (instant_of(second) for second in span)
    return start, end, wall_text(to_wall(start, tz)), wall_text(to_wall(end, tz))
