"""Interpreters and people close to the patient who come to a visit too: named by the patient or by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.ids import AppointmentId
from clinic.scheduling.models import Appointment, Participant
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.participants import MOST, Named, ParticipantKind
from clinic.scheduling.services.finding import concerned, patient_of
from clinic.vault.fields import Fields

FIELD = "participant.name"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to come too; `language` is what an interpreter speaks, or they themselves."""

    kind: ParticipantKind
    name: str
    language: str | None = None


def add(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    fields: Fields,
    appointment_id: AppointmentId,
    participant_id: UUID,
    newcomer: Newcomer,
) -> Named:
    """Add somebody to a visit; raises NotFound, Conflict("not_open") or ("too_many_participants")."""
    row = _open(session, actor, appointment_id)
    session.execute(select(Appointment.id).where(Appointment.id == row.id).with_for_update(key_share=True))
    count = select(func.count()).where(Participant.appointment_id == row.id)
    if session.execute(count).scalar_one() >= MOST:
        raise Conflict("too_many_participants", most=MOST)
    session.add(
        Participant(
            id=participant_id,
            appointment_id=row.id,
            kind=newcomer.kind,
            name_sealed=fields.seal(patient_of(row), FIELD, newcomer.name),
            language=newcomer.language,
            added_by=actor.account_id,
            added_at=clock.now(),
        )
    )
    session.flush()
    _record(session, actor, clock, row, "participant.add")
    return Named(participant_id, newcomer.kind, newcomer.name, newcomer.language)


def one(
    session: Session,
    *,
    actor: Actor,
    fields: Fields,
    appointment_id: AppointmentId,
    participant_id: UUID,
) -> Named:
    """Return a participant; raises NotFound where there is none by now."""
    row = concerned(session, actor, Permission.PARTICIPANT_EDIT, appointment_id)
    found = next((one for one in named(session, row, fields) if one.id == participant_id), None)
    if found is None:
        raise NotFound
    return found


def remove(
    session: Session, *, actor: Actor, clock: Clock, appointment_id: AppointmentId, participant_id: UUID
) -> None:
    """Take somebody off a visit; raises NotFound, or Conflict("not_open") once it is settled."""
    row = _open(session, actor, appointment_id)
    found = session.get(Participant, participant_id)
    if found is None or found.appointment_id != row.id:
        raise NotFound
    session.delete(found)
    session.flush()
    _record(session, actor, clock, row, "participant.remove")


def named(session: Session, visit: Appointment, fields: Fields) -> Sequence[Named]:
    """Return who else comes to `visit`, as they were added; the caller may see the visit."""
    rows = session.scalars(
        select(Participant)
        .where(Participant.appointment_id == visit.id)
        .order_by(Participant.added_at, Participant.id)
    )
    owner = patient_of(visit)
    return [Named(row.id, row.kind, fields.open(owner, FIELD, row.name_sealed), row.language) for row in rows]


def _open(session: Session, actor: Actor, appointment_id: AppointmentId) -> Appointment:
    row = concerned(session, actor, Permission.PARTICIPANT_EDIT, appointment_id)
    if row.status not in AHEAD:
        raise Conflict("not_open")
    return row


def _record(session: Session, actor: Actor, clock: Clock, row: Appointment, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.patient_id,
        object_type="appointment",
        object_id=row.id,
    )
