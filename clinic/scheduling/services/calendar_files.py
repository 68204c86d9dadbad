"""Visits as calendar files: neutral by default, since phones show calendars to whoever looks on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.ids import AppointmentId
from clinic.notifications.layout import texts
from clinic.notifications.ports import CalendarPart, Invite
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.calendar_file import Entry, Method, Sender, Times, invitation, published
from clinic.scheduling.rules.zones import offset_of, to_wall
from clinic.scheduling.services import reading
from clinic.scheduling.services.reading import Reader

OFF = frozenset({Status.CANCELLED, Status.NOSHOW})


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes calendar files of the clinic at `base_url`."""

    base_url: str
    clock: Clock

    @property
    def sender(self) -> Sender:
        """Return who writes now: an address of the clinic's host that nobody reads."""
        return Sender(f"no-reply@{urlsplit(self.base_url).hostname}", self.clock.now())

    def invite(self, visit: Appointment, language: str) -> Invite:
        """Return what writes the invitation to a visit, or its withdrawal, for a mail address."""
        entry = entry_of(visit, language)
        method = Method.CANCEL if entry.cancelled else Method.REQUEST
        return lambda address: CalendarPart(method.value, invitation(entry, self.sender, attendee=address))


def entry_of(visit: Appointment, language: str, *, summary: str | None = None) -> Entry:
    """Return a visit as calendars see it: "Appointment" unless `summary` says more."""
    wall = to_wall(visit.starts_at, visit.tz)
    return Entry(
        uid=visit.id,
        version=visit.version,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        tz=visit.tz,
        summary=summary or words(language)["appointment"][0],
        description=f"{wall:%d/%m/%Y %H:%M} {visit.tz} (UTC{offset_of(wall)})",
        cancelled=visit.status in OFF,
    )


def words(language: str) -> Mapping[str, list[str]]:
    """Return what calendar files say in `language`."""
    return texts("clinic.scheduling", "calendar_texts", language)


def file_of(
    session: Session, reader: Reader, writer: Writer, appointment_id: AppointmentId, *, times: Times
) -> bytes:
    """Return the file of one visit; raises NotFound where it is none of the reader's concern."""
    visit = reading.row(session, reader, appointment_id)
    return published([entry_of(visit, reader.language)], writer.sender, times=times)
