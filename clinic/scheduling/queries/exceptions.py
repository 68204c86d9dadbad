"""Exceptions and leave as staff read them; the words of a leave are opened for its owner and the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId
from clinic.scheduling.models import ScheduleException
from clinic.scheduling.queries.practitioners import names
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import offset_of, to_wall
from clinic.vault.fields import Fields

REASON = "schedule_exception.reason"
_ZONES = timedelta(days=1)  # how far wall times and instants may lie apart, and more


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch that differs, in wall times and as instants; `reason` is None for whom it is not.

    `id` is None while it is only looked at.
    """

    id: UUID | None
    kind: ExceptionKind
    practitioner: PractitionerId
    practitioner_name: str
    starts: str
    ends: str
    tz: str
    starts_at: datetime
    ends_at: datetime
    offset: str
    site: UUID | None
    modalities: list[Modality]
    cover: PractitionerId | None
    cover_name: str | None
    reason: str | None


def listed(
    session: Session,
    practitioner: PractitionerId | None,
    *,
    kinds: Collection[ExceptionKind],
    since: datetime | None = None,
    fields: Fields | None = None,
) -> list[Stretch]:
    """Return the stretches that are not over at `since`, by time; with their reasons where `fields` opens."""
    conditions: list[ColumnElement[bool]] = [ScheduleException.kind.in_(kinds)]
    if practitioner is not None:
        conditions.append(ScheduleException.practitioner_id == practitioner)
    if since is not None:
        conditions.append(ScheduleException.wall_end > f"{since - _ZONES:%Y-%m-%dT%H:%M}")
    rows = session.scalars(
        select(ScheduleException)
        .where(*conditions)
        .order_by(ScheduleException.wall_start, ScheduleException.id)
    ).all()
    return shown(session, [row for row in rows if since is None or row.stretch.interval.end > since], fields)


def in_window(
    session: Session, window: Interval, *, kinds: Collection[ExceptionKind], practitioner: UUID | None
) -> list[Stretch]:
    """Return the stretches that share an instant with `window`, by practitioner's name and time."""
    whose = None if practitioner is None else PractitionerId(practitioner)
    listed_then = listed(session, whose, kinds=kinds, since=window.start)
    found = [one for one in listed_then if one.starts_at < window.end]
    return sorted(found, key=lambda one: (one.practitioner_name, one.starts_at, str(one.id)))


def shown(session: Session, rows: Sequence[ScheduleException], fields: Fields | None) -> list[Stretch]:
    """Return rows as they are read."""
    people = {row.practitioner_id for row in rows} | {row.cover_id for row in rows if row.cover_id}
    called = names(session, people)
    return [_stretch(row, called, fields) for row in rows]


def _stretch(row: ScheduleException, called: Mapping[UUID, str], fields: Fields | None) -> Stretch:
    interval = row.stretch.interval
    sealed = row.reason_sealed
    return Stretch(
        id=row.id,
        kind=row.kind,
        practitioner=PractitionerId(row.practitioner_id),
        practitioner_name=called[row.practitioner_id],
        starts=row.wall_start,
        ends=row.wall_end,
        tz=row.tz,
        starts_at=interval.start,
        ends_at=interval.end,
        offset=offset_of(to_wall(interval.start, row.tz)),
        site=row.site_id,
        modalities=sorted(Modality(code) for code in row.modalities),
        cover=None if row.cover_id is None else PractitionerId(row.cover_id),
        cover_name=None if row.cover_id is None else called[row.cover_id],
        reason=fields.open(row.id, REASON, sealed) if fields is not None and sealed is not None else None,
    )


def versions(session: Session, practitioner: PractitionerId) -> Iterator[str]:
    """Yield a line for each stretch of somebody; stretches are made and taken back, never changed."""
    rows = session.execute(
        select(ScheduleException.kind, ScheduleException.id)
        .where(ScheduleException.practitioner_id == practitioner)
        .order_by(ScheduleException.id)
    )
    return (f"{kind}|{number}" for kind, number in rows)
