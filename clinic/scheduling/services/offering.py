"""Who offers what, and at which site they are at home: one document for each practitioner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Invalid, NotFound, PreconditionFailed
from clinic.identity.services.names import NamedChange, change_words
from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import (
    Appointment,
    AvailabilityRule,
    PractitionerService,
    Schedule,
    Service,
    Site,
)
from clinic.scheduling.queries.practitioners import people
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.services.catalogue import open_schedule
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class Offering:
    """What a practitioner offers, and where; without a site they cannot be booked.

    `has_hours` tells whether opening hours are set, `visits_ahead` how many visits wait for them.
    """

    practitioner: PractitionerId
    site: SiteId | None
    services: list[ServiceId]
    has_hours: bool
    visits_ahead: int
    version: int
    changed: NamedChange


def read_offering(session: Session, *, clock: Clock, vault: Vault, practitioner: PractitionerId) -> Offering:
    """Return what somebody offers; raises NotFound for who does not treat."""
    _known(session, practitioner)
    row = session.get(Schedule, practitioner)
    mine = PractitionerService.practitioner_id == practitioner
    chosen = select(PractitionerService.service_id).where(mine).order_by(PractitionerService.service_id)
    rule = select(AvailabilityRule.id).where(AvailabilityRule.practitioner_id == practitioner).limit(1)
    return Offering(
        practitioner=practitioner,
        site=SiteId(row.site_id) if row else None,
        services=[ServiceId(number) for number in session.scalars(chosen)],
        has_hours=session.scalar(rule) is not None,
        visits_ahead=_ahead(session, practitioner, clock),
        version=row.version if row else 0,
        changed=change_words(session, vault=vault, changes=[row.change])[0]
        if row
        else NamedChange(None, None),
    )


def set_offering(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    practitioner: PractitionerId,
    site: SiteId,
    services: Collection[ServiceId],
    version: int,
) -> None:
    """Say what somebody offers and where; visits that are booked stay.

    Raises NotFound, Invalid naming the field, and PreconditionFailed where somebody else was first.
    """
    _known(session, practitioner)
    _check(session, site, services)
    row = session.get(Schedule, practitioner, with_for_update=True)
    if row is None:
        if version:
            raise PreconditionFailed("document_changed")
        _open(session, actor, clock, practitioner, site, services)
        return
    row.expect(version)
    row.site_id = site
    row.changed(by=actor.account_id, at=clock.now())
    session.execute(delete(PractitionerService).where(PractitionerService.practitioner_id == practitioner))
    session.add_all(
        PractitionerService(practitioner_id=practitioner, service_id=service)
        for service in sorted(set(services))
    )
    session.flush()
    session.refresh(row)
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action="schedule.offer",
        object_type="schedule",
        object_id=practitioner,
    )


def _open(
    session: Session,
    actor: Actor,
    clock: Clock,
    practitioner: PractitionerId,
    site: SiteId,
    services: Collection[ServiceId],
) -> None:
    try:
        open_schedule(
            session, actor=actor, clock=clock, practitioner=practitioner, site=site, services=set(services)
        )
    except IntegrityError as error:  # two who open it at once
        raise PreconditionFailed("document_changed") from error


def _known(session: Session, practitioner: PractitionerId) -> None:
    if session.scalar(select(people.c.id).where(people.c.id == practitioner)) is None:
        raise NotFound


def _check(session: Session, site: SiteId, services: Collection[ServiceId]) -> None:
    errors = {}
    place = session.get(Site, site)
    if place is None or not place.active:
        errors["site"] = ["There is no such site."]
    known = set(session.scalars(select(Service.id).where(Service.id.in_(services))))
    if set(services) - known:
        errors["services"] = ["There is no such service."]
    if errors:
        raise Invalid("invalid", errors=errors)


def _ahead(session: Session, practitioner: UUID, clock: Clock) -> int:
    chosen = select(func.count()).where(
        Appointment.practitioner_id == practitioner,
        Appointment.status.in_(AHEAD),
        Appointment.starts_at > clock.now(),
    )
    return session.scalar(chosen) or 0
