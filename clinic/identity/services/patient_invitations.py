"""Somebody whom the desk has put on file gets an account for that very file, by a letter to its address.

The account is made when the invitation is taken up, so that an unanswered one keeps no address. It holds
only while the file has no account and still has the address that the letter went to.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import Conflict, Invalid, NotFound
from clinic.identity import queries
from clinic.identity.models import AccountStatus, Patient, PatientInvitation, TokenKind
from clinic.identity.services import registration, tokens
from clinic.identity.services.accounts import NewAccount, add_account, as_actor, reserve_address
from clinic.identity.services.invitations import Invitation
from clinic.identity.services.patients import visible_patient
from clinic.ids import AccountId, PatientId
from clinic.notifications.services import enqueue, to_patient
from clinic.vault.fields import Fields

KIND = "patient_invitation"


def invite(
    session: Session, *, actor: Actor, clock: Clock, secret: bytes, id: UUID, patient_id: PatientId
) -> Invitation:
    """Mail a patient an invitation; earlier ones are void.

    Raises NotFound, Refused, Conflict `has_account` or `email_taken`, Invalid `email_needed`.
    """
    row = visible_patient(session, actor=actor, clock=clock, patient_id=patient_id, action="patient.invite")
    session.refresh(row, with_for_update=True)
    index = _address_of(session, row)
    _void(session, clock, row)
    now = clock.now()
    made = PatientInvitation(
        id=id,
        token_hash=tokens.hash_of(tokens.token_of(secret, KIND, id)),
        patient_id=row.id,
        email_index=index,
        created_by=actor.account_id,
        created_at=now,
        expires_at=now + tokens.LIFETIMES[TokenKind.INVITATION],
    )
    session.add(made)
    kind, recipient = f"identity.{KIND}", to_patient(row.id)
    enqueue(session, clock=clock, kind=kind, recipient=recipient, ids={"invitation": id})
    _record(session, actor, clock, row, "patient.invite")
    return Invitation(made.id, made.expires_at)


def read_invitation(session: Session, *, id: UUID) -> Invitation:
    """Return an invitation that was made before; raises NotFound."""
    row = session.get(PatientInvitation, id)
    if row is None:
        raise NotFound
    return Invitation(row.id, row.expires_at)


def holds(session: Session, *, clock: Clock, id: UUID) -> bool:
    """Tell whether an invitation can still be taken up."""
    row = session.get(PatientInvitation, id)
    if row is None or not tokens.usable(row, clock.now()):
        return False
    return _fits(session.get_one(Patient, row.patient_id), row)


def is_one(session: Session, *, token: str) -> bool:
    """Tell whether a token is that of a patient's invitation, good or not."""
    chosen = select(PatientInvitation.id).where(PatientInvitation.token_hash == tokens.hash_of(token))
    return session.scalar(chosen) is not None


def accept(
    session: Session, *, clock: Clock, fields: Fields, token: str, password_hash: str, tz: str
) -> AccountId:
    """Make the account and give it the file; raises Invalid `token_invalid`, Conflict `email_taken`."""
    invitation = _used(session, clock, token)
    row = session.get_one(Patient, invitation.patient_id, with_for_update=True)
    if not _fits(row, invitation):
        raise tokens.invalid()
    reserve_address(session, index=invitation.email_index)
    registration.forget_unverified_at(session, email_index=invitation.email_index)
    if queries.account_by_email(session, index=invitation.email_index) is not None:
        raise Conflict("email_taken")
    account = add_account(
        session,
        clock=clock,
        fields=fields,
        wanted=_wanted(row, fields, tz),
        status=AccountStatus.ACTIVE,
        granted_by=invitation.created_by,
        password_hash=password_hash,
    )
    row.account_id = account.id
    _record(session, as_actor(account), clock, row, "patient.accept")
    return AccountId(account.id)


def _address_of(session: Session, row: Patient) -> bytes:
    """Return the index of the address to invite; raises Conflict, Invalid where there is none."""
    if row.account_id is not None:
        raise Conflict("has_account")
    if row.email_index is None:
        raise Invalid("email_needed", errors={"email": ["An invitation needs an e-mail address."]})
    account = queries.account_by_email(session, index=row.email_index)
    if account is not None and account.status is not AccountStatus.UNVERIFIED:
        raise Conflict("email_taken")
    return row.email_index


def _void(session: Session, clock: Clock, row: Patient) -> None:
    session.execute(
        update(PatientInvitation)
        .where(PatientInvitation.patient_id == row.id, PatientInvitation.used_at.is_(None))
        .values(used_at=clock.now())
    )


def _used(session: Session, clock: Clock, token: str) -> PatientInvitation:
    """Use an invitation up and return it; of two who try at once, one raises Invalid."""
    now = clock.now()
    used = session.scalars(
        update(PatientInvitation)
        .where(
            PatientInvitation.token_hash == tokens.hash_of(token),
            PatientInvitation.used_at.is_(None),
            PatientInvitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(PatientInvitation)
    ).one_or_none()
    if used is None:
        raise tokens.invalid()
    return used


def _fits(row: Patient, invitation: PatientInvitation) -> bool:
    return row.account_id is None and row.email_index == invitation.email_index


def _wanted(row: Patient, fields: Fields, tz: str) -> NewAccount:
    assert row.email_sealed is not None  # its index is the invitation's
    return NewAccount(
        email=fields.open(row.id, "patient.email", row.email_sealed),
        name=fields.open(row.id, "patient.name", row.name_sealed),
        language=row.language,
        tz=tz,
        roles=(Role.PATIENT,),
    )


def _record(session: Session, actor: Actor, clock: Clock, row: Patient, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.id,
        object_type="patient",
        object_id=row.id,
    )
