"""A forgotten password: a token by mail to the address of the account, and all its sessions end."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.identity import queries
from clinic.identity.models import Account, AccountStatus, TokenKind
from clinic.identity.services import tokens
from clinic.identity.services.accounts import as_actor, record
from clinic.identity.services.sessions import end_all
from clinic.ids import new_id
from clinic.notifications.services import enqueue, to_account


def request_reset(session: Session, *, clock: Clock, secret: bytes, email_index: bytes) -> None:
    """Send the account of this address a token; whoever asks cannot tell whether there is one."""
    account = queries.account_by_email(session, index=email_index)
    known = account if account is not None and account.status is AccountStatus.ACTIVE else None
    recipient = to_account(new_id() if known is None else known.id)
    with session.begin_nested() as step:
        token_id = new_id()
        if known is not None:
            tokens.issue(
                session,
                clock=clock,
                secret=secret,
                kind=TokenKind.PASSWORD_RESET,
                account_id=known.id,
                id=token_id,
            )
        kind = "identity.password_reset"
        enqueue(session, clock=clock, kind=kind, recipient=recipient, ids={"token": token_id})
        session.flush()
        if known is None:
            step.rollback()
    account_id = None if known is None else known.id
    record(session, actor=SYSTEM, clock=clock, action="account.reset_request", account_id=account_id)


def reset_password(session: Session, *, clock: Clock, token: str, password_hash: str) -> None:
    """Set a new password by a token that came by mail, and end every session; raises Invalid.

    An account that was registered twice is verified by it too: only its mail's reader has the token.
    """
    account_id = tokens.redeem(session, clock=clock, kind=TokenKind.PASSWORD_RESET, token=token)
    account = session.get_one(Account, account_id)
    if account.status not in {AccountStatus.ACTIVE, AccountStatus.UNVERIFIED}:
        raise tokens.invalid()
    account.status, account.password_hash = AccountStatus.ACTIVE, password_hash
    tokens.void(session, clock=clock, kind=TokenKind.PASSWORD_RESET, account_id=account.id)
    end_all(session, account_id=account.id, clock=clock)
    enqueue(session, clock=clock, kind="identity.password_changed", recipient=to_account(account.id), ids={})
    record(
        session, actor=as_actor(account), clock=clock, action="account.reset_password", account_id=account.id
    )
