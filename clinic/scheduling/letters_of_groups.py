"""What members are written about their seats: as of any visit, so that no letter tells of a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from clinic.ids import AccountId, PatientId
from clinic.notifications.layout import texts
from clinic.notifications.ports import CalendarPart, Ids, Invite, Message
from clinic.notifications.post import Kinds
from clinic.scheduling.letters import spoken
from clinic.scheduling.models import Appointment, GroupSeat
from clinic.scheduling.rules.calendar_file import Method, invitation
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.services.calendar_files import Writer, entry_of
from clinic.scheduling.services.family import is_told
from clinic.scheduling.services.telling import Telling
from clinic.scheduling.services.telling_many import SEAT_REMINDER, seat_reminder_now

_SEATED, _GONE = frozenset({SeatStatus.BOOKED}), frozenset({SeatStatus.CANCELLED})
_GUARDIANS_PAGE = "/family"


@dataclass(frozen=True, slots=True)
class Saying:
    """What a letter says: to the member and to who stands in, in which states of the seat, on which page.

    `file`: with what puts the visit into a calendar, or takes it out.
    """

    statuses: frozenset[SeatStatus]
    words: str
    guardian: str
    page: str
    file: bool = True


_KINDS: Mapping[str, Saying] = {
    "seat.booked": Saying(_SEATED, "appointment.booked", "appointment.booked.guardian", "/visits"),
    "seat.moved": Saying(_SEATED, "appointment.moved", "appointment.moved.guardian", "/visits"),
    "seat.moved_up": Saying(_SEATED, "seat.moved_up", "appointment.booked.guardian", "/visits"),
    "seat.cancelled": Saying(_GONE, "appointment.cancelled", "appointment.cancelled.guardian", "/book"),
    "seat.called_off": Saying(_GONE, "seat.called_off", "seat.called_off.guardian", "/book", file=False),
    SEAT_REMINDER: Saying(
        _SEATED, "appointment.reminder", "appointment.reminder.guardian", "/visits", file=False
    ),
}


def register(kinds: Kinds, writer: Writer, telling: Telling) -> None:
    """Add the messages about seats, which link to pages of the clinic and bring a file of `writer`."""

    def reminder_now(session: Session, ids: Ids) -> str | None:
        return seat_reminder_now(session, telling, ids)

    for name, saying in _KINDS.items():
        letter = SeatLetter(saying, writer, telling)
        if name == SEAT_REMINDER:
            kinds.add(name, letter, reminder=True, key=reminder_now)
        else:
            kinds.add(name, letter)


@dataclass(frozen=True, slots=True)
class SeatLetter:
    """Renders one kind of message from the seat as it is when the letter leaves."""

    saying: Saying
    writer: Writer
    telling: Telling

    def __call__(self, session: Session, ids: Ids, language: str) -> Message | None:
        """Say what happened; nothing where it is no longer so, or no longer somebody's to know."""
        key = {"appointment_id": ids["appointment"], "patient_id": ids["patient"]}
        seat, visit = session.get(GroupSeat, key), session.get(Appointment, ids["appointment"])
        if seat is None or visit is None or seat.status not in self.saying.statuses:
            return None
        if "guardian" not in ids:
            return self._message(visit, seat, self.saying.words, self.saying.page, language)
        told = is_told(
            session,
            fields=self.telling.fields,
            at=self.telling.clock.now(),
            guardian=AccountId(ids["guardian"]),
            visit=visit,
            seat_of=PatientId(ids["patient"]),
        )
        return self._message(visit, seat, self.saying.guardian, _GUARDIANS_PAGE, language) if told else None

    def _message(self, visit: Appointment, seat: GroupSeat, words: str, page: str, language: str) -> Message:
        when = spoken(visit.wall_start, language)
        sentences = texts("clinic.scheduling", "mail_texts", language)[words]
        said = tuple(sentence.format(when=when) for sentence in sentences)
        invite = self._invite(visit, seat, language) if self.saying.file else None
        return Message(said, f"{self.writer.base_url}{page}", invite)

    def _invite(self, visit: Appointment, seat: GroupSeat, language: str) -> Invite:
        """Return what puts the session into a calendar, or takes it out where the seat is given up."""
        gone = seat.status is SeatStatus.CANCELLED
        entry = replace(entry_of(visit, language), cancelled=gone, version=visit.version + seat.version)
        method = Method.CANCEL if gone else Method.REQUEST
        return lambda address: CalendarPart(
            method.value, invitation(entry, self.writer.sender, attendee=address)
        )
