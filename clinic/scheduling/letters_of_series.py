"""What people are written about a whole series: one letter, whether it has two visits or fifty-two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import AccountId
from clinic.notifications.layout import texts
from clinic.notifications.ports import CalendarPart, Ids, Invite, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.letters import spoken
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.booking import AHEAD, Status
from clinic.scheduling.rules.calendar_file import Method, published
from clinic.scheduling.services.calendar_files import Writer, entry_of
from clinic.scheduling.services.family import is_told
from clinic.scheduling.services.telling import Telling

_PAGES: Mapping[str, tuple[frozenset[Status], str]] = {
    "series.booked": (AHEAD, "/visits"),
    "series.moved": (AHEAD, "/visits"),
    "series.cancelled": (frozenset({Status.CANCELLED}), "/book"),
}
_GUARDIANS_PAGE = "/family"


def register(kinds: Kinds, writer: Writer, telling: Telling) -> None:
    """Add the messages about series, which link to pages of the clinic and bring a file of `writer`."""
    for name, (statuses, page) in _PAGES.items():
        kinds.add(name, SeriesLetter(name, statuses, page, writer, telling))


@dataclass(frozen=True, slots=True)
class SeriesLetter:
    """Renders one kind of message from the visits of the series as they are when the letter leaves."""

    name: str
    statuses: frozenset[Status]
    page: str
    writer: Writer
    telling: Telling

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say how many visits there are and when; nothing where it is no longer so or nobody's to know."""
        visits = self._visits(session, ids)
        named = next((visit for visit in visits if visit.id == ids["appointment"]), None)
        if named is None:
            return None
        text, page = (
            (f"{self.name}.guardian", _GUARDIANS_PAGE) if "guardian" in ids else (self.name, self.page)
        )
        when, last = spoken(named.wall_start, language), spoken(visits[-1].wall_start, language)
        sentences = texts("clinic.scheduling", "mail_texts", language)[text]
        said = tuple(each.format(n=len(visits), when=when, last=last) for each in sentences)
        return Message(said, f"{self.writer.base_url}{page}", self._file(visits, language))

    def _visits(self, session: Session, ids: Ids) -> Sequence[Appointment]:
        chosen = select(Appointment).where(
            Appointment.series_id == ids["series"], Appointment.status.in_(self.statuses)
        )
        found = session.scalars(chosen.order_by(Appointment.starts_at)).all()
        if "guardian" not in ids:
            return found
        guardian, now, fields = AccountId(ids["guardian"]), self.telling.clock.now(), self.telling.fields
        return [one for one in found if is_told(session, fields=fields, at=now, guardian=guardian, visit=one)]

    def _file(self, visits: Sequence[Appointment], language: str) -> Invite:
        """Return one file with every visit, since a request may hold no more than one (RFC 5546, 3.2.2)."""
        entries = [entry_of(visit, language) for visit in visits]
        content = published(entries, self.writer.sender)
        return lambda _address: CalendarPart(Method.PUBLISH.value, content)
