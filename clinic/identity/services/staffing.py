"""Change who may do what here: roles, what patients are told of somebody, shutting out and letting back in.

Each is a change of one document (`If-Match`). Nobody raises themself, the last administrator stays, and
whoever gains a role that reads or decides is heard of by the others who watch over that.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Refused
from clinic.identity.models import Account, AccountRole, AccountStatus, Practitioner
from clinic.identity.rules.roles import TREATING, RoleChange, change_to, refusal
from clinic.identity.services import accounts
from clinic.identity.services.invitations import Profile, make_practitioner
from clinic.identity.services.staff import find
from clinic.identity.services.watching import tell_of_roles
from clinic.vault.fields import Fields


def admins(session: Session, *, lock: bool = True) -> set[UUID]:
    """Return who administers the clinic and can sign in; with `lock`, others who change that wait for us."""
    chosen = (
        select(AccountRole.account_id)
        .join(Account, Account.id == AccountRole.account_id)
        .where(AccountRole.role == Role.CLINIC_ADMIN, Account.status == AccountStatus.ACTIVE)
        .order_by(AccountRole.account_id)
    )
    return set(session.scalars(chosen.with_for_update() if lock else chosen))


def change_roles(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    account_id: UUID,
    roles: frozenset[Role],
    version: int | None,
) -> Account:
    """Give somebody these roles of staff and no others; `version` is None from the machine itself.

    Raises Refused with Denied("own_roles") or Conflict("last_admin"), and PreconditionFailed.
    """
    heads = admins(session)
    row = find(session, account_id, lock=True)
    if version is not None:
        row.expect(version)
    change = change_to(frozenset(entry.role for entry in row.roles), roles)
    code = refusal(change, own=row.id == actor.account_id, last_admin=not heads - {row.id})
    if code is not None:
        raise _refused(session, actor, clock, "account.roles", row, code)
    _apply(session, row, change, actor, clock)
    if change.added & TREATING:
        make_practitioner(session, row, clock=clock, fields=fields)
    what = change.in_words or "none"
    accounts.record(session, actor=actor, clock=clock, action="account.roles", account_id=row.id, reason=what)
    if change.tells:
        tell_of_roles(session, actor=actor, clock=clock, account=row)
    return row


def change_profile(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    account_id: UUID,
    name: str,
    profile: Profile,
    version: int,
) -> Account:
    """Say otherwise who somebody is: their name, and to patients what they do; raises PreconditionFailed."""
    row = find(session, account_id, lock=True)
    row.expect(version)
    row.name_sealed = fields.seal(row.id, "account.name", name.strip())
    treating = session.scalars(select(Practitioner).where(Practitioner.account_id == row.id)).one_or_none()
    if treating is not None:
        treating.name = name.strip()
        profile.put_on(treating)
    row.changed(by=actor.account_id, at=clock.now())
    accounts.record(session, actor=actor, clock=clock, action="account.profile", account_id=row.id)
    return row


def deactivate(session: Session, *, actor: Actor, clock: Clock, account_id: UUID, version: int) -> Account:
    """Shut somebody out now; raises Refused with Conflict("last_admin"), and PreconditionFailed."""
    heads = admins(session)
    row = find(session, account_id, lock=True)
    row.expect(version)
    if not heads - {row.id}:
        raise _refused(session, actor, clock, "account.disable", row, "last_admin")
    accounts.shut_out(session, actor=actor, clock=clock, account=row)
    row.changed(by=actor.account_id, at=clock.now())
    return row


def reactivate(session: Session, *, actor: Actor, clock: Clock, account_id: UUID, version: int) -> Account:
    """Let somebody in again who was shut out; raises Conflict("not_shut_out") and PreconditionFailed."""
    row = find(session, account_id, lock=True)
    row.expect(version)
    if row.status is not AccountStatus.DISABLED:
        raise Conflict("not_shut_out")
    row.status = AccountStatus.ACTIVE if row.password_hash else AccountStatus.INVITED
    row.changed(by=actor.account_id, at=clock.now())
    accounts.record(session, actor=actor, clock=clock, action="account.enable", account_id=row.id)
    return row


def _apply(session: Session, row: Account, change: RoleChange, actor: Actor, clock: Clock) -> None:
    row.roles = [entry for entry in row.roles if entry.role in change.after]
    row.roles += [
        AccountRole(role=role, granted_by=actor.account_id, granted_at=clock.now())
        for role in sorted(change.added)
    ]
    row.changed(by=actor.account_id, at=clock.now())
    session.flush()


def _refused(session: Session, actor: Actor, clock: Clock, action: str, row: Account, code: str) -> Refused:
    entry = audit.entry(
        session,
        actor=actor,
        clock=clock,
        action=action,
        outcome="refused",
        object_type="account",
        object_id=row.id,
        reason=code,
    )
    return Refused(Denied(code) if code == "own_roles" else Conflict(code), entry)
