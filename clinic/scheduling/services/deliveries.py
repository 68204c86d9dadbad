"""What became of the messages about visits, for the staff who answer for them; and sending one again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.identity.services.names import patient_names
from clinic.ids import AppointmentId, PatientId
from clinic.notifications import queries, services
from clinic.notifications.models import OutboxState, RecipientKind
from clinic.notifications.queries import Delivery
from clinic.notifications.rules.ways import Way
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text
from clinic.scheduling.services.finding import concerned
from clinic.scheduling.services.reading import Reader


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about a visit; `at` is when it was settled or is due next, `local` its wall clock then.

    `visit_local` is when the visit starts. Neither address nor text is in it.
    """

    id: UUID
    kind: str
    to: str
    state: OutboxState
    way: Way | None
    reason: str | None
    attempts: int
    at: datetime
    local: str
    tz: str
    offset: str
    appointment: UUID
    patient: UUID
    patient_name: str
    visit_local: str


def of_visit(session: Session, reader: Reader, appointment_id: AppointmentId) -> Sequence[Sent]:
    """Return the messages about one visit, oldest first; raises NotFound where it is not one's concern."""
    row = concerned(session, reader.actor, Permission.DELIVERY_READ, appointment_id)
    _record(session, reader, "delivery.read", row)
    return _seen(session, reader, queries.about(session, about_ids=[row.id]))


def undelivered(
    session: Session, reader: Reader, *, limit: int, before: tuple[datetime, UUID] | None
) -> Sequence[Sent]:
    """Return the messages about visits that reached nobody, the last first."""
    audit.record(session, actor=reader.actor, clock=reader.clock, action="delivery.list")
    return _seen(session, reader, queries.undelivered(session, limit=limit, before=before))


def send_again(session: Session, reader: Reader, message_id: UUID) -> Sent:
    """Put a message that reached nobody back into the queue; raises NotFound, Conflict("not_failed")."""
    found = queries.delivery(session, message_id=message_id)
    visit = None if found is None or found.about is None else session.get(Appointment, found.about)
    if found is None or visit is None:
        raise NotFound()
    services.send_again(session, clock=reader.clock, message_id=message_id)
    session.flush()
    _record(session, reader, "delivery.repeat", visit)
    again = queries.delivery(session, message_id=message_id)
    assert again is not None  # it is there: it has just been written
    return _seen(session, reader, [again])[0]


def send_all_again(session: Session, reader: Reader) -> int:
    """Put every message that was given up back into the queue, as after a day without a mail server."""
    count = services.send_all_again(session, clock=reader.clock)
    audit.record(session, actor=reader.actor, clock=reader.clock, action="delivery.repeat_all")
    return count


def _seen(session: Session, reader: Reader, found: Iterable[Delivery]) -> list[Sent]:
    listed = list(found)
    ids = {one.about for one in listed if one.about is not None}
    visits: Mapping[UUID, Appointment] = {
        row.id: row for row in session.scalars(select(Appointment).where(Appointment.id.in_(ids)))
    }
    whose = {one.id: _patient(one, visits) for one in listed}
    called = patient_names(session, vault=reader.vault, patient_ids=[one for one in whose.values() if one])
    return [
        _sent(one, visits[one.about], patient, called[patient])
        for one in listed
        if one.about is not None and (patient := whose[one.id]) is not None
    ]


def _patient(one: Delivery, visits: Mapping[UUID, Appointment]) -> PatientId | None:
    """Return whose visit a message is about; a group's session has no patient, its messages name them."""
    visit = None if one.about is None else visits.get(one.about)
    if visit is None:
        return None
    found = visit.patient_id or one.ids.get("patient")
    return None if found is None else PatientId(found)


def _to(one: Delivery) -> str:
    """Return as what somebody was written to."""
    if one.recipient.kind is RecipientKind.PATIENT:
        return "patient"
    return "guardian" if "guardian" in one.ids else "practitioner"


def _sent(one: Delivery, visit: Appointment, patient: PatientId, name: str) -> Sent:
    wall = to_wall(one.at, visit.tz)
    return Sent(
        id=one.id,
        kind=one.kind.split(".")[1],
        to=_to(one),
        state=one.state,
        way=one.way,
        reason=one.reason,
        attempts=one.attempts,
        at=one.at,
        local=wall_text(wall),
        tz=visit.tz,
        offset=offset_of(wall),
        appointment=visit.id,
        patient=patient,
        patient_name=name,
        visit_local=visit.wall_start,
    )


def _record(session: Session, reader: Reader, action: str, visit: Appointment) -> None:
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action=action,
        patient_id=visit.patient_id,
        object_type="appointment",
        object_id=visit.id,
    )
