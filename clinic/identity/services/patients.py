"""People in care as the front desk knows them: names and contacts, sealed at rest, opened by permission.

Practitioners see those they have a care relationship with; where nobody vouches for it, the name alone,
which is no more than the booking itself tells. Dates of birth are for the desk and the patient, one at a
time. Clinical content is another slice's, behind consent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import ClinicError, Denied, NotFound, Refused
from clinic.identity.models import Account, AccountStatus, CareRelationship, Patient
from clinic.identity.rules.names import folded, matches
from clinic.ids import PatientId
from clinic.vault.fields import Fields

DESK = (Role.RECEPTION, Role.CLINIC_ADMIN, Role.PRIVACY_OFFICER)
# Where a list goes on: after the row that was made at this instant and has this id.
Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Person:
    """A patient's name and contacts; `etag` changes with every change to them."""

    id: PatientId
    name: str
    preferred_name: str | None
    phone: str | None
    email: str | None
    language: str
    birth_date: date | None
    reminders: bool
    created_at: datetime
    has_account: bool
    etag: str


def list_patients(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, limit: int, after: Place | None
) -> Sequence[Person]:
    """Return `limit` people that the actor may look up, those registered last first."""
    chosen = _visible(actor)
    if after is not None:
        at, id = after
        chosen = chosen.where(or_(Patient.created_at < at, and_(Patient.created_at == at, Patient.id < id)))
    rows = session.scalars(chosen.order_by(Patient.created_at.desc(), Patient.id.desc()).limit(limit))
    audit.record(session, actor=actor, clock=clock, action="patient.list")
    return _listed(session, actor, fields, rows)


def search_patients(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, query: str, limit: int
) -> Sequence[Person]:
    """Return up to `limit` people that the actor may look up and whose name or contact fits, by name."""
    audit.record(session, actor=actor, clock=clock, action="patient.search")
    people = _listed(session, actor, fields, session.scalars(_visible(actor)))
    found = [one for one in people if matches(query, _searched(one))]
    return sorted(found, key=lambda one: (folded(one.name), one.id))[:limit]


def read_patient(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, patient_id: PatientId
) -> Person:
    """Return one person's name and contacts; raises NotFound, or Refused for who does not treat them."""
    row = visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="patient.read")
    _record(session, actor, clock, patient_id, "patient.read")
    if actor.has(*DESK) or actor.patient_id == row.id:
        return person(row, fields)
    return _listed(session, actor, fields, [row])[0]


def visible_patient(
    session: Session, *, actor: Actor, clock: Clock, patient_id: PatientId, action: str
) -> Patient:
    """Return the row of a patient that the actor may look up; raises Refused.

    The try is on record either way, so that an absence takes as long as a refusal.
    """
    row = session.scalars(_visible(actor).where(Patient.id == patient_id)).one_or_none()
    if row is not None:
        return row
    entry = audit.entry(
        session,
        actor=actor,
        clock=clock,
        action=action,
        outcome="refused",
        patient_id=patient_id,
        object_type="patient",
        object_id=patient_id,
        reason="no_relationship",
    )
    raise Refused(_refusal(session, actor, patient_id), entry)


def person(row: Patient, fields: Fields) -> Person:
    """Open a patient's name and contacts; who has an account says there whether to be reminded."""

    def opened(field: str, blob: bytes | None) -> str | None:
        return None if blob is None else fields.open(row.id, f"patient.{field}", blob)

    born = opened("birth_date", row.birth_date_sealed)
    return Person(
        id=PatientId(row.id),
        name=fields.open(row.id, "patient.name", row.name_sealed),
        preferred_name=opened("preferred_name", row.preferred_name_sealed),
        phone=opened("phone", row.phone_sealed),
        email=opened("email", row.email_sealed),
        language=row.language,
        birth_date=None if born is None else date.fromisoformat(born),
        reminders=row.reminders_wanted,
        created_at=row.created_at,
        has_account=row.account_id is not None,
        etag=_etag(row),
    )


def _listed(session: Session, actor: Actor, fields: Fields, rows: Iterable[Patient]) -> list[Person]:
    """Open names and contacts without dates of birth; of whom nobody vouches for, the names alone."""
    people = [replace(person(row, fields), birth_date=None) for row in rows]
    if actor.has(*DESK):
        return people
    vouched = _treated(actor).where(CareRelationship.confirmed_at.is_not(None))
    known = {actor.patient_id, *session.scalars(vouched)}
    return [one if one.id in known else replace(one, phone=None, email=None) for one in people]


def _treated(actor: Actor) -> Select[UUID]:
    """Return the ids of those whom the actor has a care relationship with."""
    return select(CareRelationship.patient_id).where(
        CareRelationship.practitioner_id == actor.practitioner_id, CareRelationship.ended_at.is_(None)
    )


def _visible(actor: Actor) -> Select[Patient]:
    """Return whom the actor may look up: everybody for the desk, their own patients, themselves."""
    if actor.has(*DESK):
        return select(Patient).where(known_to_the_desk())
    return select(Patient).where(or_(Patient.id == actor.patient_id, Patient.id.in_(_treated(actor))))


def known_to_the_desk() -> ColumnElement[bool]:
    """Leave those out who have registered and not yet shown that the address is theirs."""
    unverified = select(Account.id).where(Account.status == AccountStatus.UNVERIFIED)
    return or_(Patient.account_id.is_(None), Patient.account_id.not_in(unverified))


def _refusal(session: Session, actor: Actor, patient_id: PatientId) -> ClinicError:
    """Return what the actor is told: only staff may learn that there is such a patient."""
    if not actor.is_staff or session.get(Patient, patient_id) is None:
        return NotFound()
    return Denied("consent_denied", reasons=["no_relationship"])


def _searched(one: Person) -> list[str]:
    return [text for text in (one.name, one.preferred_name, one.phone, one.email) if text]


def _etag(row: Patient) -> str:
    """Return a tag of the stored row: each sealing is fresh, so that it changes with every write."""
    sealed = (
        row.name_sealed,
        row.preferred_name_sealed,
        row.phone_sealed,
        row.email_sealed,
        row.birth_date_sealed,
        f"{row.language}{row.reminders_wanted}".encode(),
    )
    return hashlib.sha256(b"".join(hashlib.sha256(part or b"").digest() for part in sealed)).hexdigest()[:32]


def _record(session: Session, actor: Actor, clock: Clock, patient_id: PatientId, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=patient_id,
        object_type="patient",
        object_id=patient_id,
    )
