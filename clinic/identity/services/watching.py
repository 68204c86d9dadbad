"""Who hears of it when somebody gains a role that reads or decides: all who administer or guard privacy."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.identity.models import Account, AccountRole, AccountStatus
from clinic.notifications.services import enqueue, to_account

_WATCHING = (Role.CLINIC_ADMIN, Role.PRIVACY_OFFICER)


def tell_of_roles(session: Session, *, actor: Actor, clock: Clock, account: Account) -> None:
    """Write to those who watch over roles, whoever acted aside, and to the person if they are in already."""
    watching = session.scalars(
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role.in_(_WATCHING), Account.status == AccountStatus.ACTIVE)
        .distinct()
    )
    told = {*watching, *([account.id] if account.status is AccountStatus.ACTIVE else [])}
    for who in sorted(told - {actor.account_id}):
        enqueue(
            session,
            clock=clock,
            kind="identity.roles_changed",
            recipient=to_account(who),
            ids={"account": account.id},
        )
