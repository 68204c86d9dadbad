"""What would happen if: what is in the way of a visit, told before it is saved and as far as one may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.permissions import Permission
from clinic.errors import Denied, Invalid, NotFound
from clinic.identity.services.names import patient_names
from clinic.identity.services.patients import visible_patient
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import POLICIES, arranges, is_desk, is_treating
from clinic.scheduling.queries.conflicts import Asked, look_ahead
from clinic.scheduling.queries.openings import candidates
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.queries.slots import FoundSlot
from clinic.scheduling.rules.conflicts import Clash, Kind, for_patients
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text
from clinic.scheduling.services.admission import admit
from clinic.scheduling.services.finding import concerned, patient_of
from clinic.scheduling.services.planning import Wanted, alternatives
from clinic.scheduling.services.reading import Reader


@dataclass(frozen=True, slots=True)
class Question:
    """A visit that somebody thinks of; `moving` is the visit that would go there."""

    wanted: Wanted
    patient: PatientId | None = None
    moving: AppointmentId | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing in the way, on the clocks of the visit; names only for those who may see them."""

    kind: Kind
    firm: bool
    appointment: UUID | None = None
    patient_name: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    local: str | None = None
    local_end: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """The visit as it would be, and what is in its way; `may_override`: the reader may book it anyway."""

    starts_at: datetime
    ends_at: datetime
    local: str
    local_end: str
    tz: str
    offset: str
    offered: bool
    may_override: bool
    location: UUID | None
    location_name: str | None
    conflicts: Sequence[Conflict]
    alternatives: Sequence[FoundSlot]


def preview(session: Session, reader: Reader, question: Question) -> Preview:
    """Say what is in the way of a visit; raises as booking it would where the actor may not book it."""
    asked = _asked(session, reader, question)
    who = candidates(session, question.wanted.service, Wish(question.wanted.practitioner))
    person = who.get(question.wanted.practitioner)
    if person is None or not _is_held_so(asked):
        raise Invalid("slot_not_offered", errors={"practitioner": ["This visit is not held so."]})
    now, by_staff = reader.clock.now(), arranges(reader.actor, {"patient_id": asked.patient})
    ahead = look_ahead(session, asked, person, now=now, by_staff=by_staff)
    found, tz = ahead.clashes, ahead.place.tz
    told = found if _sees_diary(reader, asked) else for_patients(found)
    near = alternatives(session, question.wanted, now=now, by_staff=by_staff) if found else []
    start, end = (to_wall(moment, tz) for moment in (asked.visit.start, asked.visit.end))
    return Preview(
        starts_at=asked.visit.start,
        ends_at=asked.visit.end,
        local=wall_text(start),
        local_end=wall_text(end),
        tz=tz,
        offset=offset_of(start),
        offered=not found,
        may_override=by_staff and _may_override(reader, found),
        location=ahead.room.id if ahead.room else None,
        location_name=ahead.room.name if ahead.room else None,
        conflicts=_told(session, reader, told, tz),
        alternatives=near,
    )


def _asked(session: Session, reader: Reader, question: Question) -> Asked:
    actor, wanted = reader.actor, question.wanted
    patient = question.patient or actor.patient_id
    if question.moving is not None:
        row = concerned(session, actor, Permission.APPOINTMENT_MOVE, question.moving)
        patient = PatientId(row.patient_id) if row.patient_id else None
    elif patient is not None and actor.is_staff and not is_desk(actor, {}):
        visible_patient(
            session, actor=actor, clock=reader.clock, patient_id=patient, action="appointment.preview"
        )
    facts = {"patient_id": patient, "practitioner_id": wanted.practitioner}
    if not POLICIES[Permission.APPOINTMENT_BOOK](actor, facts):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    if question.moving is None:
        admit(session, actor=actor, patient=patient, wanted=wanted)
    return Asked(
        service=get_service(session, wanted.service),
        practitioner=wanted.practitioner,
        modality=wanted.modality,
        starts_at=wanted.starts_at,
        patient=patient,
        owner=actor.account_id,
        besides=question.moving,
        reserved=wanted.reserved and arranges(actor, facts),
    )


def _is_held_so(asked: Asked) -> bool:
    return asked.modality in asked.service.modalities and not asked.service.is_for_groups


def _sees_diary(reader: Reader, asked: Asked) -> bool:
    return is_treating(reader.actor, {"practitioner_id": PractitionerId(asked.practitioner)})


def _may_override(reader: Reader, found: Sequence[Clash]) -> bool:
    allowed = POLICIES[Permission.APPOINTMENT_OVERRIDE](reader.actor, {})
    return bool(found) and allowed and not any(clash.firm for clash in found)


def _told(session: Session, reader: Reader, found: Sequence[Clash], tz: str) -> list[Conflict]:
    names = _names(session, reader, [clash.appointment for clash in found if clash.appointment])
    return [
        Conflict(
            kind=clash.kind,
            firm=clash.firm,
            appointment=clash.appointment,
            patient_name=names.get(clash.appointment) if clash.appointment else None,
            starts_at=clash.when.start if clash.when else None,
            ends_at=clash.when.end if clash.when else None,
            local=wall_text(to_wall(clash.when.start, tz)) if clash.when else None,
            local_end=wall_text(to_wall(clash.when.end, tz)) if clash.when else None,
        )
        for clash in found
    ]


def _names(session: Session, reader: Reader, visits: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return whose visits they are, as the diary would show the reader; what is read is on record."""
    is_somebodys = Appointment.patient_id.is_not(None)
    found = session.scalars(select(Appointment).where(Appointment.id.in_(visits), is_somebodys))
    rows = [row for row in found if is_treating(reader.actor, {"practitioner_id": row.practitioner_id})]
    names = patient_names(session, vault=reader.vault, patient_ids={patient_of(row) for row in rows})
    for row in rows:
        audit.record(
            session,
            actor=reader.actor,
            clock=reader.clock,
            action="appointment.preview",
            patient_id=row.patient_id,
            object_type="appointment",
            object_id=row.id,
        )
    return {row.id: names[patient_of(row)] for row in rows}
