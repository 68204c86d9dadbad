"""What patients are written about their visits: that and when, never with whom or what for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.notifications.layout import texts
from clinic.notifications.ports import Ids, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.models.appointment import Appointment
from clinic.scheduling.rules.booking import Status

_AGREED = frozenset({Status.BOOKED, Status.ARRIVED})
_PAGES: Mapping[str, tuple[frozenset[Status], str]] = {
    "appointment.booked": (_AGREED, "/visits"),
    "appointment.moved": (_AGREED, "/visits"),
    "appointment.cancelled": (frozenset({Status.CANCELLED}), "/book"),
}


def register(kinds: Kinds, base_url: str) -> None:
    """Add the slice's messages, which link to pages below `base_url`."""
    for name, (statuses, page) in _PAGES.items():
        kinds.add(name, VisitLetter(name, statuses, f"{base_url}{page}"))


@dataclass(frozen=True, slots=True)
class VisitLetter:
    """Renders one kind of message from the visit as it is when the letter leaves."""

    name: str
    statuses: frozenset[Status]
    link: str

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say what happened; nothing where it is no longer so."""
        visit = session.get(Appointment, ids["appointment"])
        if visit is None or visit.status not in self.statuses:
            return None
        when = spoken(visit.wall_start, language)
        sentences = texts("clinic.scheduling", "mail_texts", language)[self.name]
        return Message(tuple(sentence.format(when=when) for sentence in sentences), self.link)


def spoken(wall_start: str, language: str) -> str:
    """Return a wall time as people say it; months as numbers, since Arabic names them by region."""
    at, found = datetime.fromisoformat(wall_start), texts("clinic.scheduling", "mail_texts", language)
    weekday = found["weekdays"][at.weekday()]
    return found["when"][0].format(weekday=weekday, date=f"{at:%d/%m/%Y}", time=f"{at:%H:%M}")
