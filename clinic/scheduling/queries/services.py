"""The public catalogue of services, in one language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from clinic.errors import Invalid
from clinic.ids import ServiceId
from clinic.scheduling.models import Service
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.rules.terms import Terms
from clinic.vault.fields import Fields

TEXTS = "service.texts"
_TERMS = select(
    *(column for column in Service.__table__.c if column.name not in {"id", "texts_sealed"})
).where(Service.__table__.c.id == bindparam("service"))


@dataclass(frozen=True, slots=True)
class Offer:
    """One service as people read it."""

    id: ServiceId
    code: str
    name: str
    description: str
    minutes: int
    grid_minutes: int
    notice_minutes: int
    modalities: list[Modality]
    kind: str
    seats: int
    joinable: bool
    booking_rule: BookingRule


def get_service(session: Session, service_id: ServiceId | UUID) -> Service:
    """Return the service; raises Invalid naming the field."""
    found = session.get(Service, service_id)
    if found is None:
        raise _unknown()
    return found


def _unknown() -> Invalid:
    return Invalid("invalid", errors={"service": ["There is no such service."]})


def terms_of(session: Session, service_id: ServiceId) -> Terms:
    """Return the terms of a service, without the row's texts; raises Invalid naming the field."""
    row = session.execute(_TERMS, {"service": service_id}).first()
    if row is None:
        raise _unknown()
    return Service(**row._mapping).terms


def offers(
    session: Session, *, fields: Fields, language: str, groups: bool | None = None, to_staff: bool = True
) -> list[Offer]:
    """Return every service that is offered, the shortest first; those for groups, for one person, or all.

    Those that only staff book are shown to staff only.
    """
    return [
        _offer(row, fields, language)
        for row in _rows(session)
        if row.active
        and groups in {None, row.is_for_groups}
        and (to_staff or row.booking_rule is not BookingRule.STAFF)
    ]


def names(session: Session, *, fields: Fields, language: str) -> Mapping[UUID, str]:
    """Return the names of all services (there are few), those in the archive included."""
    return {row.id: texts_of(row, fields).in_language(language)["name"] for row in _rows(session)}


def _rows(session: Session) -> Sequence[Service]:
    return session.scalars(select(Service).order_by(Service.minutes, Service.code, Service.id)).all()


@dataclass(frozen=True, slots=True)
class Texts:
    """What a service is called and what it is: `name` and `description` by language."""

    by_language: Mapping[str, Mapping[str, str]]

    def in_language(self, language: str) -> Mapping[str, str]:
        """Return the texts in `language`, or in the first one there is."""
        return self.by_language.get(language) or next(iter(self.by_language.values()))


def texts_of(row: Service, fields: Fields) -> Texts:
    """Return the texts of a service, opened from their seal."""
    return Texts(json.loads(fields.open(row.id, TEXTS, row.texts_sealed)))


def _offer(row: Service, fields: Fields, language: str) -> Offer:
    text = texts_of(row, fields).in_language(language)
    return Offer(
        id=ServiceId(row.id),
        code=row.code,
        name=text["name"],
        description=text["description"],
        minutes=row.minutes,
        grid_minutes=row.grid_minutes,
        notice_minutes=row.notice_minutes,
        modalities=sorted(Modality(code) for code in row.modalities),
        kind=row.kind,
        seats=row.seats,
        joinable=row.joinable,
        booking_rule=row.booking_rule,
    )
