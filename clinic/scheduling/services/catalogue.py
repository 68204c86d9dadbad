"""Make sites and services, and say who offers what; the texts of a service are sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.ids import PractitionerId, ServiceId, SiteId, new_id
from clinic.scheduling.models import PractitionerService, Schedule, Service, Site
from clinic.scheduling.queries.services import TEXTS
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.zones import zone
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class ServiceText:
    """What a service is called and what it is, in one language."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class NewService:
    """A kind of visit to offer; times are minutes, the horizon days."""

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


def create_site(session: Session, *, actor: Actor, clock: Clock, names: Mapping[str, str], tz: str) -> SiteId:
    """Add a place of the clinic, `names` by language; raises Invalid("unknown_zone")."""
    zone(tz)
    site = Site(id=new_id(), names=dict(names), tz=tz)
    session.add(site)
    session.flush()
    audit.record(
        session, actor=actor, clock=clock, action="site.create", object_type="site", object_id=site.id
    )
    return SiteId(site.id)


def create_service(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, new: NewService
) -> ServiceId:
    """Add a kind of visit."""
    number = new_id()
    texts = {
        language: {"name": text.name, "description": text.description} for language, text in new.texts.items()
    }
    row = Service(
        id=number,
        code=new.code,
        kind=new.kind,
        texts_sealed=fields.seal(number, TEXTS, json.dumps(texts, ensure_ascii=False)),
        modalities=new.modalities,
        minutes=new.minutes,
        before_minutes=new.before_minutes,
        after_minutes=new.after_minutes,
        grid_minutes=new.grid_minutes,
        lead_minutes=new.lead_minutes,
        horizon_days=new.horizon_days,
        notice_minutes=new.notice_minutes,
        reminder_minutes=None if new.reminder_minutes is None else list(new.reminder_minutes),
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor=actor, clock=clock, action="service.create", object_type="service", object_id=number
    )
    return ServiceId(number)


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
    session.add(Schedule(practitioner_id=practitioner, site_id=site))
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
