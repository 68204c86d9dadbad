"""Reads of accounts, sessions and people; what leaves the slice is a frozen dataclass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import STAFF, Actor, Role
from clinic.identity.models import Account, AccountRole, AccountStatus, Patient, Practitioner, WebSession
from clinic.identity.rules.roles import TREATING
from clinic.identity.rules.sessions import Life, Times, life
from clinic.ids import AccountId, PatientId, PractitionerId, SessionId

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session and whose it is."""

    session_id: SessionId
    account_id: AccountId
    roles: frozenset[Role]
    patient_id: PatientId | None
    practitioner_id: PractitionerId | None
    stepped_up_until: datetime | None
    language: str
    tz: str
    times: Times


def account_by_email(session: Session, *, index: bytes) -> Account | None:
    """Return the account that signs in with the address of this blind index."""
    return session.scalars(select(Account).where(Account.email_index == index)).one_or_none()


def staff(session: Session) -> Sequence[Account]:
    """Return the accounts of those who work here, oldest first."""
    works_here = select(AccountRole.account_id).where(AccountRole.role.in_(STAFF))
    chosen = select(Account).where(Account.id.in_(works_here)).order_by(Account.created_at, Account.id)
    return session.scalars(chosen).all()


def password_hash(session: Session, *, account_id: UUID) -> str | None:
    """Return the encoded hash of the account's password."""
    return session.scalar(select(Account.password_hash).where(Account.id == account_id))


def signed_in(session: Session, *, token_hash: bytes) -> SignedIn | None:
    """Return the session of this token and whose it is, unless the account is not active."""
    row = session.execute(
        select(WebSession, Account, Patient.id, Practitioner.id)
        .join(Account, Account.id == WebSession.account_id)
        .outerjoin(Patient, Patient.account_id == Account.id)
        .outerjoin(Practitioner, Practitioner.account_id == Account.id)
        .where(WebSession.token_hash == token_hash, Account.status == AccountStatus.ACTIVE)
    ).one_or_none()
    if row is None:
        return None
    web_session, account, patient_id, practitioner_id = row
    roles = frozenset(entry.role for entry in account.roles)
    return SignedIn(
        session_id=SessionId(web_session.id),
        account_id=AccountId(account.id),
        roles=roles,
        patient_id=_maybe(PatientId, patient_id),
        practitioner_id=None if roles.isdisjoint(TREATING) else _maybe(PractitionerId, practitioner_id),
        stepped_up_until=web_session.stepped_up_until,
        language=account.language,
        tz=account.tz,
        times=times_of(web_session, roles),
    )


def actor_of(session: Session, *, account_id: UUID) -> Actor | None:
    """Return the account as who acts without a session, or None where it is not active any more."""
    row = session.execute(
        select(Account, Patient.id, Practitioner.id)
        .outerjoin(Patient, Patient.account_id == Account.id)
        .outerjoin(Practitioner, Practitioner.account_id == Account.id)
        .where(Account.id == account_id, Account.status == AccountStatus.ACTIVE)
    ).one_or_none()
    if row is None:
        return None
    account, patient_id, practitioner_id = row
    return Actor(
        account_id=AccountId(account.id),
        roles=frozenset(entry.role for entry in account.roles),
        patient_id=_maybe(PatientId, patient_id),
        practitioner_id=_maybe(PractitionerId, practitioner_id),
        language=account.language,
        tz=account.tz,
    )


def _maybe(kind: Callable[[UUID], T], id: UUID | None) -> T | None:
    """Return the id of an outer join's row as its kind."""
    return None if id is None else kind(id)


def times_of(web_session: WebSession, roles: frozenset[Role]) -> Times:
    """Return what the rule of a session's life asks for."""
    return Times(
        created_at=web_session.created_at,
        last_seen_at=web_session.last_seen_at,
        ended_at=web_session.ended_at,
        staff=not roles.isdisjoint(STAFF),
    )


def session_times(session: Session, *, session_id: SessionId) -> Times:
    """Return when a session began and was last used."""
    row = session.get_one(WebSession, session_id)
    return times_of(row, _roles(session, row.account_id))


@dataclass(frozen=True, slots=True)
class Device:
    """One signed-in browser, as its owner sees it."""

    id: SessionId
    created_at: datetime
    last_seen_at: datetime
    device: str


def live_devices(session: Session, *, account_id: UUID, now: datetime) -> list[Device]:
    """Return the browsers that are signed in to the account, the newest first."""
    rows = session.scalars(
        select(WebSession)
        .where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
        .order_by(WebSession.created_at.desc(), WebSession.id)
    )
    roles = _roles(session, account_id)
    return [
        Device(SessionId(row.id), row.created_at, row.last_seen_at, row.device)
        for row in rows
        if life(times_of(row, roles), now) is Life.LIVE
    ]


def _roles(session: Session, account_id: UUID) -> frozenset[Role]:
    return frozenset(session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id)))
