"""What people are written about visits: that and when, never with whom or what for.

Guardians are told in words of their own, and only of what they may know when the letter leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.ids import AccountId
from clinic.notifications.layout import texts
from clinic.notifications.ports import Ids, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.models.appointment import Appointment
from clinic.scheduling.models.waitlist import WaitlistOffer
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.zones import to_wall
from clinic.scheduling.services.calendar_files import Writer
from clinic.scheduling.services.family import is_told
from clinic.scheduling.services.telling import OFFER, REMINDER, Telling

_AGREED = frozenset({Status.BOOKED, Status.ARRIVED})
_PAGES: Mapping[str, tuple[frozenset[Status], str]] = {
    "appointment.booked": (_AGREED, "/visits"),
    "appointment.moved": (_AGREED, "/visits"),
    "appointment.cancelled": (frozenset({Status.CANCELLED}), "/book"),
    REMINDER: (frozenset({Status.BOOKED}), "/visits"),
}
_GUARDIANS_PAGE = "/family"


def register(kinds: Kinds, writer: Writer, telling: Telling) -> None:
    """Add the slice's messages, which link to pages of the clinic and bring a file of `writer`."""
    for name, (statuses, page) in _PAGES.items():
        letter = VisitLetter(name, statuses, page, writer, telling)
        if name == REMINDER:
            kinds.add(name, letter, reminder=True, key=telling.reminder_now)
        else:
            kinds.add(name, letter)
    kinds.add(OFFER, OfferLetter(f"{writer.base_url}/visits", telling.clock))


@dataclass(frozen=True, slots=True)
class VisitLetter:
    """Renders one kind of message from the visit as it is when the letter leaves."""

    name: str
    statuses: frozenset[Status]
    page: str
    writer: Writer
    telling: Telling

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say what happened; nothing where it is no longer so, or no longer somebody's to know."""
        visit = session.get(Appointment, ids["appointment"])
        if visit is None or visit.status not in self.statuses:
            return None
        if "guardian" not in ids:
            return self._message(visit, self.name, self.page, language)
        guardian, now = AccountId(ids["guardian"]), self.telling.clock.now()
        if not is_told(session, fields=self.telling.fields, at=now, guardian=guardian, visit=visit):
            return None
        return self._message(visit, f"{self.name}.guardian", _GUARDIANS_PAGE, language)

    def _message(self, visit: Appointment, text: str, page: str, language: str) -> Message:
        when = spoken(visit.wall_start, language)
        sentences = texts("clinic.scheduling", "mail_texts", language)[text]
        said = tuple(one.format(when=when) for one in sentences)
        invite = None if self.name == REMINDER else self.writer.invite(visit, language)
        return Message(said, f"{self.writer.base_url}{page}", invite)


@dataclass(frozen=True, slots=True)
class OfferLetter:
    """Tells somebody who waits of the time that is kept for them, while it is."""

    link: str
    clock: Clock

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say when it is and until when it is kept; nothing once it is over."""
        made = session.get(WaitlistOffer, ids["offer"])
        if made is None or not made.is_open(self.clock.now()):
            return None
        ends = to_wall(made.expires_at, made.tz)
        facts = {"when": spoken(made.wall_start, language), "until": f"{ends:%H:%M}"}
        sentences = texts("clinic.scheduling", "mail_texts", language)[OFFER]
        return Message(tuple(one.format(**facts) for one in sentences), self.link)


def spoken(wall_start: str, language: str) -> str:
    """Return a wall time as people say it; months as numbers, since Arabic names them by region."""
    at, found = datetime.fromisoformat(wall_start), texts("clinic.scheduling", "mail_texts", language)
    weekday = found["weekdays"][at.weekday()]
    return found["when"][0].format(weekday=weekday, date=f"{at:%d/%m/%Y}", time=f"{at:%H:%M}")
