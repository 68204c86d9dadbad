"""What people on call and the desk are written about an urgent request: that there is one, and where."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic.notifications.layout import texts
from clinic.notifications.ports import Ids, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.models import UrgentRequest
from clinic.scheduling.rules.urgent_requests import RequestState
from clinic.scheduling.services.urgent.telling import ASKED, DESK

_PAGE = "/on-call"


def register(kinds: Kinds, base_url: str) -> None:
    """Add the messages to those who are asked; who is on call gets them whatever else they declined."""
    for name in (ASKED, DESK):
        kinds.add(name, RequestLetter(name, f"{base_url}{_PAGE}"), duty=True)


@dataclass(frozen=True, slots=True)
class RequestLetter:
    """Renders one kind of message from the request as it is when the letter leaves."""

    name: str
    link: str

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say that somebody waits; nothing once it is claimed or closed, or has gone on to somebody else."""
        row = session.get(UrgentRequest, ids["request"])
        if row is None or row.state is not RequestState.OPEN:
            return None
        asked = ids.get("practitioner")
        if not (row.told_desk if asked is None else row.waits_for(asked)):
            return None
        return Message(tuple(texts("clinic.scheduling", "mail_texts", language)[self.name]), self.link)
