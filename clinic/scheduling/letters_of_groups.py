"""What members are written about their seats: as of any visit, so that no letter tells of a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from clinic.notifications.layout import texts
from clinic.notifications.ports import CalendarPart, Ids, Invite, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.letters import spoken
from clinic.scheduling.models import Appointment, GroupSeat
from clinic.scheduling.rules.calendar_file import Method, invitation
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.services.calendar_files import Writer, entry_of
from clinic.scheduling.services.telling import Telling
from clinic.scheduling.services.telling_many import SEAT_REMINDER, seat_reminder_now

_SEATED, _GONE = frozenset({SeatStatus.BOOKED}), frozenset({SeatStatus.CANCELLED})
# kind -> the seat's states in which it still holds, the words, the page
_KINDS: Mapping[str, tuple[frozenset[SeatStatus], str, str]] = {
    "seat.booked": (_SEATED, "appointment.booked", "/visits"),
    "seat.moved": (_SEATED, "appointment.moved", "/visits"),
    "seat.moved_up": (_SEATED, "seat.moved_up", "/visits"),
    "seat.cancelled": (_GONE, "appointment.cancelled", "/book"),
    SEAT_REMINDER: (_SEATED, "appointment.reminder", "/visits"),
}


def register(kinds: Kinds, writer: Writer, telling: Telling) -> None:
    """Add the messages about seats, which link to pages of the clinic and bring a file of `writer`."""

    def reminder_now(session: Session, ids: Ids) -> str | None:
        return seat_reminder_now(session, telling, ids)

    for name, (statuses, words, page) in _KINDS.items():
        letter = SeatLetter(words, statuses, page, writer, reminder=name == SEAT_REMINDER)
        if letter.reminder:
            kinds.add(name, letter, reminder=True, key=reminder_now)
        else:
            kinds.add(name, letter)


@dataclass(frozen=True, slots=True)
class SeatLetter:
    """Renders one kind of message from the seat as it is when the letter leaves."""

    words: str
    statuses: frozenset[SeatStatus]
    page: str
    writer: Writer
    reminder: bool

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say what happened; nothing where it is no longer so."""
        key = {"appointment_id": ids["appointment"], "patient_id": ids["patient"]}
        seat, visit = session.get(GroupSeat, key), session.get(Appointment, ids["appointment"])
        if seat is None or visit is None or seat.status not in self.statuses:
            return None
        when = spoken(visit.wall_start, language)
        sentences = texts("clinic.scheduling", "mail_texts", language)[self.words]
        said = tuple(sentence.format(when=when) for sentence in sentences)
        invite = None if self.reminder else self._invite(visit, seat, language)
        return Message(said, f"{self.writer.base_url}{self.page}", invite)

    def _invite(self, visit: Appointment, seat: GroupSeat, language: str) -> Invite:
        """Return what puts the session into a calendar, or takes it out where the seat is given up."""
        gone = seat.status is SeatStatus.CANCELLED
        entry = replace(entry_of(visit, language), cancelled=gone)
        method = Method.CANCEL if gone else Method.REQUEST
        return lambda address: CalendarPart(
            method.value, invitation(entry, self.writer.sender, attendee=address)
        )
