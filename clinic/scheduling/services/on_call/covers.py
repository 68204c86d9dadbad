"""Step in on call for a stretch: for a colleague who would be, or where nobody is. A swap is two of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.errors import Invalid, NotFound
from clinic.ids import PractitionerId
from clinic.scheduling.models import OnCallCover, OnCallRota
from clinic.scheduling.queries import on_call as queries
from clinic.scheduling.queries.practitioners import names
from clinic.scheduling.rules.availability import WallStretch
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.on_call import cover_complaint
from clinic.scheduling.rules.spans import minus, span_of
from clinic.scheduling.rules.zones import wall_text
from clinic.scheduling.services.on_call.finding import urgent_service
from clinic.scheduling.services.reading import Reader


@dataclass(frozen=True, slots=True)
class NewCover:
    """Who steps in, at which step and when, on the clocks of `tz`; `instead_of` is whom they stand in for."""

    practitioner: PractitionerId
    step: int
    starts: datetime
    ends: datetime
    tz: str
    instead_of: PractitionerId | None = None


@dataclass(frozen=True, slots=True)
class SeenCover:
    """A cover as people read it."""

    id: UUID
    practitioner: UUID
    practitioner_name: str
    instead_of: UUID | None
    instead_of_name: str | None
    step: int
    starts: str
    ends: str
    tz: str


def add(session: Session, reader: Reader, service_id: UUID, new: NewCover, number: UUID) -> None:
    """Enter a cover under the id `number`; raises NotFound, and Invalid by field.

    Refused are a colleague who does not hold such visits or is on leave then, and standing in for oneself.
    """
    service = urgent_service(session, service_id)
    if session.get(OnCallRota, service.id) is None:
        raise NotFound
    stretch = WallStretch(new.starts, new.ends, new.tz)
    if errors := _complaints(session, service.id, new, stretch):
        raise Invalid("invalid", errors=errors)
    session.add(
        OnCallCover(
            id=number,
            service_id=service.id,
            practitioner_id=new.practitioner,
            instead_of_id=new.instead_of,
            step=new.step,
            wall_start=wall_text(new.starts),
            wall_end=wall_text(new.ends),
            tz=new.tz,
            created_by=reader.actor.account_id,
            created_at=reader.clock.now(),
        )
    )
    session.flush()
    _record(session, reader, service.id, "on_call.cover")


def remove(session: Session, reader: Reader, service_id: UUID, number: UUID) -> None:
    """Take a cover back: the rules hold again. Raises NotFound."""
    row = session.get(OnCallCover, number, with_for_update=True)
    if row is None or row.service_id != service_id:
        raise NotFound
    session.delete(row)
    session.flush()
    _record(session, reader, service_id, "on_call.uncover")


def listed(session: Session, service_id: UUID, *, since: datetime) -> list[SeenCover]:
    """Return the covers of a service that are not over at `since`, by time; raises NotFound."""
    service = urgent_service(session, service_id)
    rows = queries.covers_of(session, service.id, since=since)
    return _shown(session, [row for row in rows if row.cover.stretch.interval.end > since])


def one(session: Session, number: UUID) -> SeenCover:
    """Return a cover that has just been entered."""
    return _shown(session, [session.get_one(OnCallCover, number)])[0]


def _complaints(session: Session, service: UUID, new: NewCover, stretch: WallStretch) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    wrong = cover_complaint(stretch)
    if wrong:
        return {"ends": [wrong]}
    if new.practitioner not in queries.offering(session, service):
        found["practitioner"] = ["This person does not hold visits of this service."]
    elif _is_away(session, new.practitioner, stretch.interval):
        found["practitioner"] = ["This colleague is away then, too."]
    if new.instead_of == new.practitioner:
        found["instead_of"] = ["Nobody stands in for themselves."]
    return found


def _is_away(session: Session, who: PractitionerId, stretch: Interval) -> bool:
    """Tell whether somebody is on leave in a part of `stretch`; closed hours do not matter on call."""
    away = queries.leave(session, [who], stretch).get(who, [])
    return minus([span_of(stretch)], away) != [span_of(stretch)]


def _shown(session: Session, rows: list[OnCallCover]) -> list[SeenCover]:
    named = names(session, {who for row in rows for who in (row.practitioner_id, row.instead_of_id) if who})
    found = [
        SeenCover(
            id=row.id,
            practitioner=row.practitioner_id,
            practitioner_name=named[row.practitioner_id],
            instead_of=row.instead_of_id,
            instead_of_name=named[row.instead_of_id] if row.instead_of_id else None,
            step=row.step,
            starts=row.wall_start,
            ends=row.wall_end,
            tz=row.tz,
        )
        for row in rows
    ]
    return sorted(found, key=lambda cover: (cover.starts, cover.step, str(cover.id)))


def _record(session: Session, reader: Reader, service: UUID, action: str) -> None:
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action=action,
        object_type="service",
        object_id=service,
    )
