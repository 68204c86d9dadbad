"""Guardians of minors: who stands in for whom, for how long, checked at the desk, and what stays private.

A guardianship opens nothing by itself: whether a guardian is told of a visit is the consent slice's decision.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity import queries
from clinic.identity.models import Account, AccountRole, Guardianship, Patient
from clinic.identity.rules.contacts import email_key
from clinic.identity.services.patients import visible_patient
from clinic.ids import AccountId, GuardianshipId, PatientId
from clinic.vault.fields import Fields

_PRIVATE = "guardianship.private"


@dataclass(frozen=True, slots=True)
class Guardian:
    """One guardianship as it stands; `private` are the kinds of visit that the guardian is not told about."""

    id: GuardianshipId
    account_id: AccountId
    patient_id: PatientId
    name: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    private: Sequence[str]


@dataclass(frozen=True, slots=True)
class Period:
    """How long somebody stands in: from `starts_at` up to `ends_at`, the coming of age at the latest."""

    starts_at: datetime
    ends_at: datetime


def guardians_of(session: Session, *, fields: Fields, patient_id: PatientId) -> Sequence[Guardian]:
    """Return a patient's guardianships, those that are over included, oldest first."""
    return _found(session, fields, select(Guardianship).where(Guardianship.patient_id == patient_id))


def wards_of(session: Session, *, fields: Fields, account_id: AccountId) -> Sequence[Guardian]:
    """Return the guardianships that an account holds, those that are over included, oldest first."""
    return _found(session, fields, select(Guardianship).where(Guardianship.account_id == account_id))


def guardian(session: Session, *, fields: Fields, guardianship_id: UUID) -> Guardian | None:
    """Return one guardianship, or None."""
    found = _found(session, fields, select(Guardianship).where(Guardianship.id == guardianship_id))
    return found[0] if found else None


def listed(
    session: Session, *, actor: Actor, clock: Clock, fields: Fields, patient_id: PatientId
) -> Sequence[Guardian]:
    """Return a patient's guardians for the desk and for themselves; raises Refused."""
    visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="guardian.list")
    if actor.patient_id != patient_id:
        _record(session, actor, clock, patient_id, "guardian.list", None)
    return guardians_of(session, fields=fields, patient_id=patient_id)


def verify(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    id: UUID,
    patient_id: PatientId,
    email: str,
    period: Period,
    private: Collection[str] = (),
) -> Guardian:
    """Write down that somebody with an account stands in for a patient, by the papers that were shown.

    Raises Refused for who may not look the patient up, Denied for one's own guardianship, Invalid for an
    address without an account or a period that is over, Conflict("already_guardian").
    """
    visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="guardian.verify")
    account = _account(session, actor, fields, patient_id, email)
    if period.ends_at <= max(period.starts_at, clock.now()):
        raise Invalid("invalid", errors={"ends_at": ["The end comes after the start."]})
    standing = guardians_of(session, fields=fields, patient_id=patient_id)
    if any(one.account_id == account.id and _is_live(one, clock.now()) for one in standing):
        raise Conflict("already_guardian")
    session.add(
        Guardianship(
            id=id,
            account_id=account.id,
            patient_id=patient_id,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            private_sealed=_sealed(fields, patient_id, private),
            verified_by=actor.account_id,
            verified_at=clock.now(),
        )
    )
    _be_guardian(account, actor, clock)
    session.flush()
    _record(session, actor, clock, patient_id, "guardian.verify", id)
    return _one(session, fields, id)


def end(session: Session, *, actor: Actor, clock: Clock, fields: Fields, guardianship_id: UUID) -> Guardian:
    """End a guardianship now; raises NotFound, Conflict("guardianship_over")."""
    row = session.get(Guardianship, guardianship_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if row.ended_at is not None:
        raise Conflict("guardianship_over")
    row.ended_by, row.ended_at = actor.account_id, clock.now()
    session.flush()
    _record(session, actor, clock, PatientId(row.patient_id), "guardian.end", row.id)
    return _one(session, fields, row.id)


def limit(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    guardianship_id: UUID,
    private: Collection[str],
) -> Guardian:
    """Let a minor say which kinds of visit a guardian is not told about; raises NotFound for others'."""
    row = session.get(Guardianship, guardianship_id, with_for_update=True, populate_existing=True)
    if row is None or row.patient_id != actor.patient_id:
        raise NotFound()
    row.private_sealed = _sealed(fields, PatientId(row.patient_id), private)
    session.flush()
    _record(session, actor, clock, PatientId(row.patient_id), "guardian.limit", row.id)
    return _one(session, fields, row.id)


def _account(session: Session, actor: Actor, fields: Fields, patient_id: PatientId, email: str) -> Account:
    account = queries.account_by_email(session, index=fields.index("email", email_key(email)))
    if account is None:
        raise Invalid("invalid", errors={"email": ["Nobody has an account with this address."]})
    if account.id == actor.account_id:
        raise Denied("own_relationship")
    if session.get_one(Patient, patient_id).account_id == account.id:
        raise Invalid("invalid", errors={"email": ["Nobody is their own guardian."]})
    return account


def _be_guardian(account: Account, actor: Actor, clock: Clock) -> None:
    if Role.GUARDIAN not in {entry.role for entry in account.roles}:
        granted = {"granted_by": actor.account_id, "granted_at": clock.now()}
        account.roles.append(AccountRole(role=Role.GUARDIAN, **granted))


def _is_live(one: Guardian, now: datetime) -> bool:
    return one.ended_at is None and now < one.ends_at


def _sealed(fields: Fields, patient_id: PatientId, private: Collection[str]) -> bytes:
    return fields.seal(patient_id, _PRIVATE, json.dumps(sorted(set(private))))


def _one(session: Session, fields: Fields, id: UUID) -> Guardian:
    found = guardian(session, fields=fields, guardianship_id=id)
    assert found is not None  # it has just been written
    return found


def _found(session: Session, fields: Fields, chosen: Select[Guardianship]) -> Sequence[Guardian]:
    joined = chosen.add_columns(Account.name_sealed).join(Account, Account.id == Guardianship.account_id)
    rows = session.execute(joined.order_by(Guardianship.starts_at, Guardianship.id))
    return [_guardian(fields, row, name) for row, name in rows]


def _guardian(fields: Fields, row: Guardianship, name: bytes) -> Guardian:
    return Guardian(
        id=GuardianshipId(row.id),
        account_id=AccountId(row.account_id),
        patient_id=PatientId(row.patient_id),
        name=fields.open(row.account_id, "account.name", name),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        private=json.loads(fields.open(row.patient_id, _PRIVATE, row.private_sealed)),
    )


def _record(
    session: Session, actor: Actor, clock: Clock, patient_id: PatientId, action: str, id: UUID | None
) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=patient_id,
        object_type="guardianship",
        object_id=id,
    )
