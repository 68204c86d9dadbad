"""Who waits, in the order in which they are asked, and how well that goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from clinic.errors import Invalid
from clinic.ids import PatientId, PractitionerId, ServiceId
from clinic.scheduling.models import Appointment, Schedule
from clinic.scheduling.models.waitlist import WaitlistEntry, WaitlistOffer
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.waitlist import EntryState, OfferStatus, last_day_over
from clinic.scheduling.rules.zones import to_wall

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time that somebody may fill."""

    practitioner: PractitionerId
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """How the waitlist does over a stretch of time; medians are None where nothing has happened."""

    waiting: int
    offered: int
    accepted: int
    declined: int
    expired: int
    acceptance: float | None
    refill_minutes: float | None
    waited_days: float | None


def queue(session: Session, *, service: ServiceId | None = None) -> list[WaitlistEntry]:
    """Return those who wait, in the order of `Waiting.rank`."""
    chosen = _waiting()
    if service is not None:
        chosen = chosen.where(WaitlistEntry.service_id == service)
    return sorted(session.scalars(chosen), key=lambda row: row.waiting.rank)


def own(session: Session, *, patient: PatientId | None) -> Sequence[WaitlistEntry]:
    """Return what the patient waits for, the first asked for first; nothing for one who is no patient."""
    return session.scalars(_waiting().where(WaitlistEntry.patient_id == patient)).all()


def waiting_for_nothing(session: Session, *, now: datetime) -> Sequence[WaitlistEntry]:
    """Return those whose last day is over, or whose visit to bring forward has begun; locked."""
    begun = select(Appointment.id).where(
        Appointment.id == WaitlistEntry.appointment_id,
        Appointment.starts_at <= now,
        Appointment.status != Status.CANCELLED,
    )
    over = _waiting().where(or_(WaitlistEntry.until <= last_day_over(now), begun.exists()))
    return session.scalars(over.with_for_update(skip_locked=True)).all()


def fitting_first(
    session: Session, rows: Sequence[WaitlistEntry], free: FreeTime
) -> list[tuple[WaitlistEntry, bool]]:
    """Return the queue with those first who would come at a time, each with whether they would."""
    schedule = session.get(Schedule, free.practitioner)
    if schedule is None:
        raise Invalid("invalid", errors={"practitioner": ["There is no such practitioner."]})
    wall = to_wall(free.starts_at, schedule.site.tz)
    pairs = [(row, row.waiting.wishes.fit(free.practitioner, wall)) for row in rows]
    return sorted(pairs, key=lambda pair: not pair[1])


def figures(session: Session, *, since: datetime, until: datetime) -> Figures:
    """Return what came of the offers made from `since` up to `until`.

    `refill_minutes` is the median from the first offer of a time to its acceptance, `waited_days` the median
    from joining to an accepted offer.
    """
    made = session.scalars(
        select(WaitlistOffer)
        .where(WaitlistOffer.made_at >= since, WaitlistOffer.made_at < until)
        .options(joinedload(WaitlistOffer.entry))
        .order_by(WaitlistOffer.made_at, WaitlistOffer.id)
    ).all()
    first: dict[tuple[UUID, datetime], datetime] = {}
    for one in made:
        first.setdefault(_time(one), one.made_at)
    taken = [(one, one.answered_at) for one in made if one.status is OfferStatus.ACCEPTED and one.answered_at]
    answers = [sum(one.status is status for one in made) for status in OfferStatus]
    count = dict(zip(OfferStatus, answers, strict=True))
    settled = len(made) - count[OfferStatus.OPEN]
    return Figures(
        waiting=len(queue(session)),
        offered=len(made),
        accepted=count[OfferStatus.ACCEPTED],
        declined=count[OfferStatus.DECLINED],
        expired=count[OfferStatus.EXPIRED],
        acceptance=round(len(taken) / settled, 3) if settled else None,
        refill_minutes=_median((at - first[_time(one)]) / _MINUTE for one, at in taken),
        waited_days=_median((at - one.entry.created_at) / _DAY for one, at in taken),
    )


def _waiting() -> Select[WaitlistEntry]:
    return (
        select(WaitlistEntry)
        .where(WaitlistEntry.state == EntryState.WAITING)
        .options(selectinload(WaitlistEntry.offers))
        .order_by(WaitlistEntry.created_at, WaitlistEntry.id)
    )


def _time(made: WaitlistOffer) -> tuple[UUID, datetime]:
    return made.practitioner_id, made.starts_at


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return round(median(found), 1) if found else None
