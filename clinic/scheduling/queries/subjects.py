"""What messages are about: a visit, a time that was offered, an urgent request; and whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import PatientId
from clinic.scheduling.models import Appointment, UrgentRequest, WaitlistEntry, WaitlistOffer


class About(StrEnum):
    """What a message is about."""

    VISIT = "visit"
    OFFER = "offer"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that was written about; a group's session is nobody's alone.

    `wall_start` is when it begins on the clocks of `tz`; a request has neither.
    """

    id: UUID
    about: About
    patient: PatientId | None
    wall_start: str | None = None
    tz: str | None = None


def subjects(session: Session, *, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    """Return those of `ids` that there are."""
    return {one.id: one for one in _found(session, ids)} if ids else {}


def _found(session: Session, ids: Collection[UUID]) -> Iterator[Subject]:
    visit, offer, entry, request = Appointment, WaitlistOffer, WaitlistEntry, UrgentRequest
    visits = select(visit.id, visit.patient_id, visit.wall_start, visit.tz).where(visit.id.in_(ids))
    for row in session.execute(visits):
        yield Subject(row.id, About.VISIT, row.patient_id, row.wall_start, row.tz)
    offers = select(offer.id, entry.patient_id, offer.wall_start, offer.tz).join(offer.entry)
    for made in session.execute(offers.where(offer.id.in_(ids))):
        yield Subject(made.id, About.OFFER, made.patient_id, made.wall_start, made.tz)
    for asked in session.execute(select(request.id, request.patient_id).where(request.id.in_(ids))):
        yield Subject(asked.id, About.REQUEST, asked.patient_id)
