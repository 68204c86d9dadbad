"""Write to those who are asked about an urgent request: in the act's transaction, once for each step."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.notifications.ports import Ids
from clinic.notifications.services import enqueue, to_account
from clinic.scheduling.events import UrgentRequestAsked
from clinic.scheduling.queries.practitioners import account_of, desk_accounts

ASKED = "on_call.asked"
DESK = "on_call.desk"


def tell_of_request(session: Session, clock: Clock, event: UrgentRequestAsked) -> None:
    """Queue a message to each of those who are asked."""
    if event.desk:
        for account in desk_accounts(session):
            _queue(session, clock, DESK, event, account, {})
        return
    for practitioner in event.practitioners:
        account_id = account_of(session, practitioner)
        if account_id is not None:
            _queue(session, clock, ASKED, event, account_id, {"practitioner": practitioner})


def _queue(
    session: Session, clock: Clock, kind: str, event: UrgentRequestAsked, account: UUID, who: Ids
) -> None:
    enqueue(
        session,
        clock=clock,
        kind=kind,
        recipient=to_account(account),
        ids={"request": event.request_id, **who},
        dedupe=f"{kind}:{event.request_id}:{event.number}:{account}",
        about=event.request_id,
    )
