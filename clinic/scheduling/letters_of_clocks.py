"""What people are written when clocks have changed: that visits keep their times, once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.ids import AccountId, PatientId
from clinic.notifications.layout import texts
from clinic.notifications.ports import CalendarPart, Ids, Invite, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.letters import spoken
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.seats import Sitting, seats_of
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.calendar_file import Entry, Method, invitation, published
from clinic.scheduling.rules.zones import to_wall, wall_text
from clinic.scheduling.services.calendar_files import Writer, entry_of
from clinic.scheduling.services.family import Asked, seats_told, visits_told
from clinic.scheduling.services.telling import CLOCKS, CLOCKS_PRACTITIONER, Telling


def register(kinds: Kinds, writer: Writer, telling: Telling) -> None:
    """Add the messages about changed clocks, which link to pages and bring a file of `writer`."""
    kinds.add(CLOCKS, ClocksLetter(CLOCKS, "/visits", writer, telling))
    kinds.add(CLOCKS_PRACTITIONER, ClocksLetter(CLOCKS_PRACTITIONER, "/calendar", writer, telling))


@dataclass(frozen=True, slots=True)
class ClocksLetter:
    """Renders one kind of message from what lies ahead of somebody when the letter leaves."""

    name: str
    page: str
    writer: Writer
    telling: Telling

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say that visits stay at their times; nothing where none is left, or nobody's to know."""
        first = session.get_one(Appointment, ids["appointment"])
        entries = sorted(self._entries(session, ids, first, language), key=lambda one: one.starts_at)
        if not entries:
            return None
        name, page = (f"{self.name}.guardian", "/family") if "guardian" in ids else (self.name, self.page)
        sentences = texts("clinic.scheduling", "mail_texts", language)
        wall = wall_text(to_wall(entries[0].starts_at, entries[0].tz))
        said = (
            sentence.format(n=len(entries), when=spoken(wall, language))
            for sentence in sentences[name if len(entries) == 1 else f"{name}.many"]
        )
        return Message(tuple(said), f"{self.writer.base_url}{page}", self._invite(entries))

    def _entries(self, session: Session, ids: Ids, first: Appointment, language: str) -> Iterable[Entry]:
        visits, seats = self._ahead(session, ids, first)
        for visit in visits:
            if visit.status in AHEAD and visit.tz == first.tz:
                yield entry_of(visit, language)
        for seat in seats:
            if seat.session.status in AHEAD and seat.session.tz == first.tz:
                yield replace(entry_of(seat.session, language), version=seat.version)

    def _ahead(
        self, session: Session, ids: Ids, first: Appointment
    ) -> tuple[Iterable[Appointment], Iterable[Sitting]]:
        """Return visits and seats from the first on: somebody's own, a ward's, or those that one holds."""
        start = first.starts_at
        coming = select(Appointment).where(Appointment.starts_at >= start, Appointment.status.in_(AHEAD))
        if "patient" not in ids:
            held = coming.where(Appointment.practitioner_id == first.practitioner_id)
            return session.scalars(held), ()
        patient = PatientId(ids["patient"])
        if "guardian" not in ids:
            own = coming.where(Appointment.patient_id == patient)
            return session.scalars(own), seats_of(session, patient, start=start)
        asked: Asked = {
            "fields": self.telling.fields,
            "at": self.telling.clock.now(),
            "guardian": AccountId(ids["guardian"]),
            "patient_id": patient,
        }
        return visits_told(session, **asked, start=start), seats_told(session, **asked, start=start)

    def _invite(self, entries: list[Entry]) -> Invite:
        """Return one request, or for several one file, since a request holds no more than one visit."""
        sender = self.writer.sender
        if len(entries) == 1:
            return lambda address: CalendarPart(
                Method.REQUEST.value, invitation(entries[0], sender, attendee=address)
            )
        content = published(entries, sender)
        return lambda _address: CalendarPart(Method.PUBLISH.value, content)
