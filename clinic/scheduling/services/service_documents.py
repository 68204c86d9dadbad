"""Services as documents that administration edits; one that is not offered any more is archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.identity.services.names import NamedChange, change_words
from clinic.ids import ServiceId
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.queries.schedules import is_live
from clinic.scheduling.queries.services import texts_of
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services.catalogue import NewService, ServiceText, describe
from clinic.vault import Vault
from clinic.vault.fields import Fields


@dataclass(frozen=True, slots=True)
class ServiceDocument:
    """A service as it is, with its version."""

    id: ServiceId
    wish: NewService
    active: bool
    version: int
    changed: NamedChange


def documents(session: Session, *, vault: Vault) -> list[ServiceDocument]:
    """Return all services, those that are offered first, the shortest first."""
    order = (Service.active.desc(), Service.minutes, Service.code, Service.id)
    rows = session.scalars(select(Service).order_by(*order)).all()
    changes = change_words(session, vault=vault, changes=[row.change for row in rows])
    return [_document(row, changed, vault.fields) for row, changed in zip(rows, changes, strict=True)]


def read_document(session: Session, *, vault: Vault, service_id: UUID) -> ServiceDocument:
    """Return one; raises NotFound."""
    row = session.get(Service, service_id)
    if row is None:
        raise NotFound
    return _document(row, change_words(session, vault=vault, changes=[row.change])[0], vault.fields)


def change_service(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    service_id: UUID,
    wanted: NewService,
    active: bool,
    version: int,
) -> None:
    """Change a service or put it in the archive; visits that are booked keep their times.

    Raises NotFound, PreconditionFailed, and Conflict("service_booked") where it would be for a group, or for
    one person, and what is booked ahead is not.
    """
    row = session.get(Service, service_id, with_for_update=True)
    if row is None:
        raise NotFound
    row.expect(version)
    if row.is_for_groups != wanted.is_for_groups and _is_booked(session, service_id, clock.now()):
        raise Conflict("service_booked")
    action = "service.edit" if row.active == active else "service.restore" if active else "service.archive"
    describe(row, fields, wanted)
    row.active = active
    row.changed(by=actor.account_id, at=clock.now())
    session.flush()
    audit.record(
        session, actor=actor, clock=clock, action=action, object_type="service", object_id=service_id
    )


def _is_booked(session: Session, service_id: UUID, now: datetime) -> bool:
    ahead = select(Appointment.id).where(
        Appointment.service_id == service_id, Appointment.ends_at > now, is_live(now)
    )
    return session.scalar(ahead.limit(1)) is not None


def code_for(number: UUID) -> str:
    """Return a code that says nothing, for a service that nobody has given one."""
    return f"service-{number.hex[-12:]}"


def _document(row: Service, changed: NamedChange, fields: Fields) -> ServiceDocument:
    return ServiceDocument(ServiceId(row.id), _wish(row, fields), row.active, row.version, changed)


def _wish(row: Service, fields: Fields) -> NewService:
    return NewService(
        code=row.code,
        kind=row.kind,
        texts=_texts(texts_of(row, fields).by_language),
        minutes=row.minutes,
        modalities=frozenset(Modality(code) for code in row.modalities),
        before_minutes=row.before_minutes,
        after_minutes=row.after_minutes,
        grid_minutes=row.grid_minutes,
        lead_minutes=row.lead_minutes,
        horizon_days=row.horizon_days,
        notice_minutes=row.notice_minutes,
        booking_rule=row.booking_rule,
        seats=row.seats,
        joinable=row.joinable,
        reserved_percent=row.reserved_percent,
        release_at=row.release_at,
    )


def _texts(by_language: Mapping[str, Mapping[str, str]]) -> dict[str, ServiceText]:
    return {
        language: ServiceText(text["name"], text["description"]) for language, text in by_language.items()
    }
