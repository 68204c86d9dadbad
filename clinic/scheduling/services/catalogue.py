"""Make sites and services, and say who offers what; the texts of a service are sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Conflict
from clinic.ids import PractitionerId, ServiceId, SiteId, new_id
from clinic.scheduling.models import PractitionerService, Schedule, Service, Site
from clinic.scheduling.queries.services import TEXTS
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.rules.zones import zone
from clinic.vault.fields import Fields

FRIDAY_AND_SATURDAY = (4, 5)


@dataclass(frozen=True, slots=True)
class ServiceText:
    """What a service is called and what it is, in one language."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class NewService:
    """A kind of visit to offer; times are minutes, the horizon days.

    `reserved_percent` of its times are kept for urgent and same-day requests until `release_at` of their day.
    """

    code: str
    kind: str
    texts: Mapping[str, ServiceText]
    minutes: int
    modalities: frozenset[Modality] = frozenset(Modality)
    before_minutes: int = 0
    after_minutes: int = 10
    grid_minutes: int = 30
    lead_minutes: int = 120
    horizon_days: int = 42
    notice_minutes: int = 24 * 60
    reminder_minutes: Sequence[int] | None = None
    booking_rule: BookingRule = BookingRule.SELF
    seats: int = 1
    joinable: bool = False
    reserved_percent: int = 0
    release_at: time = time(7)

    @property
    def is_for_groups(self) -> bool:
        """Tell whether several people come at once."""
        return self.seats > 1


def create_site(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    names: Mapping[str, str],
    tz: str,
    weekend: Sequence[int] = FRIDAY_AND_SATURDAY,
    id: UUID | None = None,
) -> SiteId:
    """Add a place of the clinic, `names` by language; raises Invalid("unknown_zone")."""
    zone(tz)
    site = Site(id=id or new_id(), names=dict(names), tz=tz, weekend=sorted(set(weekend)), active=True)
    site.made(by=actor.account_id, at=clock.now())
    session.add(site)
    session.flush()
    audit.record(
        session, actor=actor, clock=clock, action="site.create", object_type="site", object_id=site.id
    )
    return SiteId(site.id)


def create_service(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    new: NewService,
    id: UUID | None = None,
) -> ServiceId:
    """Add a kind of visit; raises Conflict("name_taken") where its code is that of another."""
    if session.scalar(select(Service.id).where(Service.code == new.code)) is not None:
        raise Conflict("name_taken")
    number = id or new_id()
    row = Service(id=number, code=new.code, active=True)
    row.reminder_minutes = None if new.reminder_minutes is None else list(new.reminder_minutes)
    describe(row, fields, new)
    row.made(by=actor.account_id, at=clock.now())
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # two who choose one code at once
        raise Conflict("name_taken") from error
    audit.record(
        session, actor=actor, clock=clock, action="service.create", object_type="service", object_id=number
    )
    return ServiceId(number)


def describe(row: Service, fields: Fields, new: NewService) -> None:
    """Say of a service what it is; its code, which programs know, and its reminders are set apart."""
    texts = {
        language: {"name": text.name, "description": text.description} for language, text in new.texts.items()
    }
    row.texts_sealed = fields.seal(row.id, TEXTS, json.dumps(texts, ensure_ascii=False))
    row.kind, row.modalities, row.booking_rule = str(new.kind), new.modalities, new.booking_rule
    row.minutes, row.before_minutes, row.after_minutes = new.minutes, new.before_minutes, new.after_minutes
    row.grid_minutes, row.lead_minutes = new.grid_minutes, new.lead_minutes
    row.horizon_days, row.notice_minutes = new.horizon_days, new.notice_minutes
    row.seats, row.joinable = new.seats, new.joinable
    row.reserved_percent, row.release_at = new.reserved_percent, new.release_at


def open_schedule(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    practitioner: PractitionerId,
    site: SiteId,
    services: Iterable[ServiceId],
) -> None:
    """Let a practitioner be booked at `site` for `services`; hours are set apart (`set_hours`)."""
    schedule = Schedule(practitioner_id=practitioner, site_id=site)
    schedule.made(by=actor.account_id, at=clock.now())
    session.add(schedule)
    session.flush()
    session.add_all(
        PractitionerService(practitioner_id=practitioner, service_id=service) for service in services
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="schedule.open",
        object_type="schedule",
        object_id=practitioner,
    )
