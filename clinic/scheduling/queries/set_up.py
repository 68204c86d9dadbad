"""How far the set-up of the clinic has come: counts, and the soonest time that a stranger is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinic.ids import ServiceId
from clinic.scheduling.models import (
    AvailabilityRule,
    Location,
    PractitionerService,
    Schedule,
    Service,
    Site,
)
from clinic.scheduling.queries.practitioners import at_work, awaited, people
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.set_up import Facts, Step, steps


@dataclass(frozen=True, slots=True)
class SetUp:
    """The tasks of setting up with their states, and the soonest time that can be booked."""

    steps: list[Step]
    soonest: FoundSlot | None


def set_up(session: Session, *, unnamed: int, now: datetime) -> SetUp:
    """Return how far the clinic has come; `unnamed` languages lack its name."""
    offered = session.scalars(select(Service).where(Service.active).order_by(Service.id)).all()
    soonest = _soonest(session, [ServiceId(row.id) for row in offered], now)
    working = select(people.c.id).where(at_work())
    facts = Facts(
        unnamed=unnamed,
        sites=_count(session, select(Site.id).where(Site.active)),
        rooms=_count(session, select(Location.id).where(Location.active)),
        in_person=sum(Modality.IN_PERSON in row.modalities for row in offered),
        services=len(offered),
        practitioners=_count(session, working),
        invited=_count(session, select(people.c.id).where(awaited())),
        offering=_count(session, _offering(working)),
        with_hours=_count(session, working.where(people.c.id.in_(select(AvailabilityRule.practitioner_id)))),
        slots=int(soonest is not None),
    )
    return SetUp(steps(facts), soonest)


def _offering(working: Select[Any]) -> Select[Any]:
    """Narrow `working` to who has a site and a service that is offered."""
    offers = select(PractitionerService.practitioner_id).join(
        Service, Service.id == PractitionerService.service_id
    )
    return working.where(
        people.c.id.in_(select(Schedule.practitioner_id)), people.c.id.in_(offers.where(Service.active))
    )


def _soonest(session: Session, services: list[ServiceId], now: datetime) -> FoundSlot | None:
    found = [
        slot for service in services for slot in find_slots(session, SlotSearch(service, limit=1), now=now)
    ]
    return min(found, key=lambda slot: slot.starts_at, default=None)


def _count(session: Session, chosen: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
