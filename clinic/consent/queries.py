"""Reads of consents, opened from their seal, and the snapshot that a decision is made on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clinic.access.clearance import Compartment, Purpose
from clinic.consent.models import Consent
from clinic.consent.rules.decision import Snapshot
from clinic.consent.rules.directives import Directive, Status
from clinic.consent.rules.fhir import provision_from_fhir
from clinic.consent.rules.grants import compartments_of, last_day
from clinic.consent.rules.provisions import Effect, Period, Provision
from clinic.consent.rules.relations import Relation
from clinic.identity.services import names
from clinic.identity.services.relationships import Relationship, relationships
from clinic.ids import ConsentId, PatientId, PractitionerId
from clinic.vault import Vault

PROVISION_FIELD = "consent.provision"


@dataclass(frozen=True, slots=True)
class Grantee:
    """Whom a consent is about."""

    id: PractitionerId
    name: str


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent as it is shown: opened, with the practitioner's name and its last day at the clinic."""

    id: ConsentId
    status: Status
    grantee: Grantee
    effect: Effect
    purposes: Sequence[Purpose]
    compartments: Sequence[Compartment]
    starts_at: datetime
    ends_at: datetime | None
    ends_on: date | None
    granted_at: datetime
    revoked_at: datetime | None
    form: str


def consent(session: Session, *, consent_id: ConsentId) -> Consent | None:
    """Return one consent, or None."""
    return session.get(Consent, consent_id)


def consents_of(
    session: Session, *, patient_id: PatientId, limit: int, before: tuple[datetime, UUID] | None = None
) -> Sequence[Consent]:
    """Return a patient's consents, newest first, from after `before` on."""
    chosen = select(Consent).where(Consent.patient_id == patient_id)
    if before is not None:
        at, consent_id = before
        same_time = and_(Consent.granted_at == at, Consent.id < consent_id)
        chosen = chosen.where(or_(Consent.granted_at < at, same_time))
    return session.scalars(chosen.order_by(Consent.granted_at.desc(), Consent.id.desc()).limit(limit)).all()


def snapshot(session: Session, *, vault: Vault, patient_id: PatientId) -> Snapshot:
    """Return what is on file about `patient_id` for a decision."""
    rows = session.scalars(select(Consent).where(Consent.patient_id == patient_id)).all()
    return Snapshot(
        relations=tuple(_relation(row) for row in relationships(session, patient_id=patient_id)),
        directives=tuple(_directive(vault, row) for row in rows),
    )


def views(
    session: Session, *, vault: Vault, rows: Sequence[Consent], now: datetime, tz: str
) -> Sequence[ConsentView]:
    """Return `rows` as they are shown at `now` in the clinic's zone, in their order."""
    people = names.practitioner_names(
        session, practitioner_ids=[PractitionerId(row.practitioner_id) for row in rows]
    )
    return [_view(vault, row, people[PractitionerId(row.practitioner_id)], now, tz) for row in rows]


def _view(vault: Vault, row: Consent, name: str, now: datetime, tz: str) -> ConsentView:
    provision = _provision(vault, row)
    over = row.ends_at is not None and row.ends_at <= now
    return ConsentView(
        id=ConsentId(row.id),
        status=Status.INACTIVE if over else row.status,
        grantee=Grantee(PractitionerId(row.practitioner_id), name),
        effect=provision.effect,
        purposes=sorted(Purpose(code) for code in provision.purposes),
        compartments=sorted(compartments_of(provision)),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ends_on=None if row.ends_at is None else last_day(row.ends_at, tz),
        granted_at=row.granted_at,
        revoked_at=row.revoked_at,
        form=row.form_id,
    )


def _provision(vault: Vault, row: Consent) -> Provision:
    text = vault.fields.open(row.patient_id, PROVISION_FIELD, row.provision_sealed)
    return provision_from_fhir(json.loads(text))


def _relation(row: Relationship) -> Relation:
    return Relation(
        practitioner_id=row.practitioner_id,
        period=Period(row.since, row.ended_at),
        vouched_by=row.vouched_by,
        treats=row.treats,
    )


def _directive(vault: Vault, row: Consent) -> Directive:
    return Directive(
        id=ConsentId(row.id),
        status=row.status,
        provision=_provision(vault, row),
        period=Period(row.starts_at, row.ends_at),
        grantee=PractitionerId(row.practitioner_id),
    )
