"""What became of the messages about visits, offers and urgent requests, and sending one again.

Staff who answer for them read what reached nobody; neither address nor text is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.identity.services.names import account_names, patient_names
from clinic.ids import AppointmentId, PatientId
from clinic.notifications import queries, services
from clinic.notifications.models import OutboxState, RecipientKind
from clinic.notifications.queries import Delivery
from clinic.notifications.rules.ways import Way
from clinic.scheduling.queries.subjects import About, Subject, subjects
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text
from clinic.scheduling.services.finding import concerned
from clinic.scheduling.services.reading import Reader
from clinic.scheduling.services.urgent.telling import DESK

# What the things are called in the trail.
_TYPES: Mapping[About, str] = {
    About.VISIT: "appointment",
    About.OFFER: "waitlist_offer",
    About.REQUEST: "urgent_request",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message; `at` is when it was settled or is due next, `local` the wall clock then.

    `visit_local` is when the visit starts, or the time that was offered. `to_name` is who was written to, of
    those who work here.
    """

    id: UUID
    kind: str
    to: str
    to_name: str | None
    state: OutboxState
    way: Way | None
    reason: str | None
    attempts: int
    at: datetime
    local: str
    tz: str
    offset: str
    about: About
    appointment: UUID | None
    patient: UUID
    patient_name: str
    visit_local: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """The names of whom messages are about, and of those who were written to and have an account."""

    patients: Mapping[PatientId, str]
    accounts: Mapping[UUID, str]


def of_visit(session: Session, reader: Reader, appointment_id: AppointmentId, tz: str) -> Sequence[Sent]:
    """Return the messages about one visit, oldest first; raises NotFound where it is not one's concern."""
    row = concerned(session, reader.actor, Permission.DELIVERY_READ, appointment_id)
    found = _seen(session, reader, queries.about(session, about_ids=[row.id]), tz)
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action="delivery.read",
        patient_id=row.patient_id,
        object_type=_TYPES[About.VISIT],
        object_id=row.id,
    )
    return found


def undelivered(
    session: Session, reader: Reader, tz: str, *, limit: int, before: tuple[datetime, UUID] | None
) -> Sequence[Sent]:
    """Return the messages that reached nobody, the last first; what has no clocks of its own is on `tz`."""
    audit.record(session, actor=reader.actor, clock=reader.clock, action="delivery.list")
    return _seen(session, reader, queries.undelivered(session, limit=limit, before=before), tz)


def send_again(session: Session, reader: Reader, message_id: UUID, tz: str) -> Sent:
    """Put a message that reached nobody back into the queue; raises NotFound, Conflict("not_failed")."""
    found = queries.delivery(session, message_id=message_id)
    thing = None if found is None else _thing(session, found)
    if found is None or thing is None or _patient(found, thing) is None:
        raise NotFound()
    services.send_again(session, clock=reader.clock, message_id=message_id)
    session.flush()
    again = queries.delivery(session, message_id=message_id)
    assert again is not None  # it is there: it has just been written
    (seen,) = _seen(session, reader, [again], tz)
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action="delivery.repeat",
        patient_id=PatientId(seen.patient),
        object_type=_TYPES[thing.about],
        object_id=thing.id,
    )
    return seen


def send_all_again(session: Session, reader: Reader) -> int:
    """Put every message that was given up back into the queue, as after a day without a mail server."""
    count = services.send_all_again(session, clock=reader.clock)
    audit.record(session, actor=reader.actor, clock=reader.clock, action="delivery.repeat_all")
    return count


def _seen(session: Session, reader: Reader, found: Iterable[Delivery], tz: str) -> list[Sent]:
    listed = list(found)
    things = subjects(session, ids={one.about for one in listed if one.about is not None})
    about = [(one, things[one.about]) for one in listed if one.about is not None and one.about in things]
    whose = [(one, thing, patient) for one, thing in about if (patient := _patient(one, thing)) is not None]
    written = {one.recipient.id for one, *_ in whose if one.recipient.kind is RecipientKind.ACCOUNT}
    known = _Known(
        patient_names(session, vault=reader.vault, patient_ids=[patient for *_, patient in whose]),
        account_names(session, vault=reader.vault, account_ids=written),
    )
    return [_sent(one, thing, patient, known, thing.tz or tz) for one, thing, patient in whose]


def _thing(session: Session, one: Delivery) -> Subject | None:
    return None if one.about is None else subjects(session, ids=[one.about]).get(one.about)


def _patient(one: Delivery, thing: Subject) -> PatientId | None:
    """Return whom a message is about; a group's session has no patient, its messages name them."""
    found = thing.patient or one.ids.get("patient")
    return None if found is None else PatientId(found)


def _to(one: Delivery) -> str:
    """Return as what somebody was written to."""
    if one.recipient.kind is RecipientKind.PATIENT:
        return "patient"
    if one.kind == DESK:
        return "desk"
    return "guardian" if "guardian" in one.ids else "practitioner"


def _sent(one: Delivery, thing: Subject, patient: PatientId, known: _Known, tz: str) -> Sent:
    wall, to = to_wall(one.at, tz), _to(one)
    return Sent(
        id=one.id,
        kind=one.kind.split(".")[1],
        to=to,
        to_name=known.accounts.get(one.recipient.id) if to in {"desk", "practitioner"} else None,
        state=one.state,
        way=one.way,
        reason=one.reason,
        attempts=one.attempts,
        at=one.at,
        local=wall_text(wall),
        tz=tz,
        offset=offset_of(wall),
        about=thing.about,
        appointment=thing.id if thing.about is About.VISIT else None,
        patient=patient,
        patient_name=known.patients[patient],
        visit_local=thing.wall_start,
    )
