"""Wait for a time, or for an earlier one: the visit that somebody has already stands until they accept."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import SYSTEM, Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity.services.names import patient_exists
from clinic.identity.services.patients import visible_patient
from clinic.ids import AppointmentId, PatientId, ServiceId
from clinic.scheduling.events import WaitlistChanged
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.waitlist import WaitlistEntry
from clinic.scheduling.policies import POLICIES, arranges, is_desk
from clinic.scheduling.queries.openings import candidates
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.queries.waitlist import waiting_for_nothing
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import AHEAD
from clinic.scheduling.rules.waitlist import EntryState, Triage, Wishes
from clinic.scheduling.services import offers
from clinic.scheduling.services.admission import admit_to


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody waits for; `patient` and `triage` are said by staff, `appointment` is what they have."""

    service: ServiceId
    modality: Modality
    wishes: Wishes
    language: str | None = None
    patient: PatientId | None = None
    triage: Triage | None = None
    appointment: AppointmentId | None = None


def join(session: Session, *, actor: Actor, clock: Clock, entry_id: UUID, joining: Joining) -> WaitlistEntry:
    """Put somebody on the waitlist of a service.

    Raises Conflict("waiting_already"), Invalid for a service, a practitioner or a visit that does not fit,
    and Denied where a patient says how urgent they are, or waits for a first visit of a service that they
    could not book.
    """
    patient = _patient(session, actor, clock, joining)
    if joining.triage is not None and not arranges(actor, {"patient_id": patient}):
        raise Denied("not_permitted")
    _refuse_misfit(session, joining)
    _refuse_stranger(session, actor, clock, joining, patient)
    row = _row(actor, clock, entry_id, patient, joining)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the index of those who wait: one request at a time gets past it
        raise Conflict("waiting_already") from None
    record(session, actor, clock, row, "waitlist.join")
    return row


def _row(actor: Actor, clock: Clock, entry_id: UUID, patient: PatientId, joining: Joining) -> WaitlistEntry:
    return WaitlistEntry(
        id=entry_id,
        patient_id=patient,
        service_id=joining.service,
        modality=joining.modality,
        triage=joining.triage or Triage.ROUTINE,
        state=EntryState.WAITING,
        practitioner_id=joining.wishes.practitioner,
        language=joining.language,
        weekdays=frozenset(str(day) for day in joining.wishes.weekdays),
        parts=joining.wishes.parts,
        until=joining.wishes.until,
        appointment_id=joining.appointment,
        created_by=actor.account_id,
        created_at=clock.now(),
    )


def triage(session: Session, *, actor: Actor, clock: Clock, entry_id: UUID, triage: Triage) -> WaitlistEntry:
    """Say how urgent it is; staff only, and of others. Raises NotFound where nobody waits under this id."""
    row = concerned(session, actor, clock, Permission.WAITLIST_TRIAGE, entry_id)
    if not arranges(actor, {"patient_id": row.patient_id}):
        raise Denied("not_permitted")
    if row.state is not EntryState.WAITING:
        raise Conflict("not_waiting")
    row.triage = triage
    record(session, actor, clock, row, "waitlist.triage")
    return row


def leave(session: Session, *, actor: Actor, clock: Clock, entry_id: UUID) -> None:
    """Stop waiting; an open offer is given back. A visit that stands goes on standing."""
    row = concerned(session, actor, clock, Permission.WAITLIST_JOIN, entry_id)
    if row.state is not EntryState.WAITING:
        raise Conflict("not_waiting")
    _end(session, actor, clock, row, "waitlist.leave")


def end_over(session: Session, *, clock: Clock) -> int:
    """End what nothing can come of any more: the last day is over, or the visit to bring forward has begun.

    Return how many have waited so.
    """
    rows = waiting_for_nothing(session, now=clock.now())
    for row in rows:
        _end(session, SYSTEM, clock, row, "waitlist.end")
    return len(rows)


def concerned(
    session: Session, actor: Actor, clock: Clock, permission: Permission, entry_id: UUID
) -> WaitlistEntry:
    """Return the entry, locked; raises NotFound where it is none of the actor's concern.

    Raises Refused where a practitioner changes how somebody waits who is not in their care.
    """
    row = session.get(WaitlistEntry, entry_id, with_for_update=True)
    if row is None or not POLICIES[permission](actor, {"patient_id": row.patient_id}):
        raise NotFound
    if not is_desk(actor, {}):
        visible_patient(
            session, actor=actor, clock=clock, patient_id=row.patient_id, action="waitlist.change"
        )
    return row


def _end(session: Session, actor: Actor, clock: Clock, row: WaitlistEntry, action: str) -> None:
    if row.open_offer is not None:
        offers.give_back(session, actor=actor, clock=clock, offer=row.open_offer)
    row.state, row.settled_at = EntryState.WITHDRAWN, clock.now()
    record(session, actor, clock, row, action)


def record(session: Session, actor: Actor, clock: Clock, row: WaitlistEntry, action: str) -> None:
    """Leave the act in the patient's log, and let open pages of the desk hear of it."""
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=row.patient_id,
        object_type="waitlist_entry",
        object_id=row.id,
    )
    publish(session, WaitlistChanged(row.id))


def _patient(session: Session, actor: Actor, clock: Clock, joining: Joining) -> PatientId:
    patient = joining.patient or actor.patient_id
    if patient is None:
        raise Invalid("invalid", errors={"patient": ["Say who is waiting."]})
    if not POLICIES[Permission.WAITLIST_JOIN](actor, {"patient_id": patient}):
        raise Denied("not_permitted") if actor.is_staff else NotFound()
    if not is_desk(actor, {}):
        visible_patient(session, actor=actor, clock=clock, patient_id=patient, action="waitlist.join")
    if not patient_exists(session, patient_id=patient):
        raise Invalid("invalid", errors={"patient": ["There is no such patient."]})
    return patient


def _refuse_misfit(session: Session, joining: Joining) -> None:
    service, whom = get_service(session, joining.service), joining.wishes.practitioner
    if not service.terms.active:
        raise Invalid("invalid", errors={"service": ["Nobody waits for single visits of this service."]})
    if joining.modality not in service.modalities:
        raise Invalid("invalid", errors={"modality": ["This service is not held in this way."]})
    if whom is not None and whom not in candidates(session, joining.service, Wish(whom)):
        raise Invalid("invalid", errors={"practitioner": ["They do not offer this service."]})


def _refuse_stranger(
    session: Session, actor: Actor, clock: Clock, joining: Joining, patient: PatientId
) -> None:
    """Raise for who is not admitted to the service; whoever has a visit of it is."""
    service, whom = joining.service, joining.wishes.practitioner
    if joining.appointment is None:
        admit_to(session, actor=actor, patient=patient, service=service, practitioner=whom)
        return
    standing = session.get(Appointment, joining.appointment)
    if (
        standing is None
        or standing.patient_id != patient
        or standing.service_id != joining.service
        or standing.status not in AHEAD
        or standing.starts_at <= clock.now()
    ):
        raise Invalid("invalid", errors={"appointment": ["This is no coming visit of this service."]})
