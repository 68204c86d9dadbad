"""Who is written to about a visit: the patient, and those who stand in for a minor; and their reminders.

Rows are queued in the act's own transaction for every guardian there is; whether one may be told is decided
when a message leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.identity.services.guardianships import Guardian, guardians_of
from clinic.ids import PatientId
from clinic.notifications.ports import Ids, Recipient
from clinic.notifications.services import enqueue, to_account, to_patient
from clinic.scheduling.models import Appointment, Service
from clinic.scheduling.queries.practitioners import account_of
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.reminders import Steps, name_of, planned, turn
from clinic.vault.fields import Fields

REMINDER = "appointment.reminder"
OFFER = "waitlist.offer"
CLOCKS = "appointment.clocks"
CLOCKS_PRACTITIONER = "appointment.clocks.practitioner"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is written to: `who` tells them apart in the names of messages."""

    recipient: Recipient
    who: UUID
    ids: Ids


@dataclass(frozen=True, slots=True)
class Telling:
    """What it takes to write about visits: the time, the opener of names, the clinic's usual reminders."""

    clock: Clock
    fields: Fields
    usual: Steps

    def tell(self, session: Session, visit: Appointment, patient: PatientId, kind: str) -> None:
        """Queue a message of `kind` about a visit to everybody concerned, once for each of its versions."""
        for one in self.concerned(session, visit, patient):
            enqueue(
                session,
                clock=self.clock,
                kind=kind,
                recipient=one.recipient,
                ids=one.ids,
                dedupe=f"{kind}:{visit.id}:{visit.version}:{one.who}",
                about=visit.id,
            )

    def tell_practitioner(self, session: Session, visit: Appointment, kind: str) -> None:
        """Queue a message of `kind` about a visit to whoever holds it, once for each of its versions."""
        account = account_of(session, visit.practitioner_id)
        if account is not None:
            enqueue(
                session,
                clock=self.clock,
                kind=kind,
                recipient=to_account(account),
                ids={"appointment": visit.id},
                dedupe=f"{kind}:{visit.id}:{visit.version}:{account}",
                about=visit.id,
            )

    def remind(self, session: Session, visit: Appointment, patient: PatientId, kind: str = REMINDER) -> None:
        """Queue the reminders of a visit that lie ahead; those that are queued already stay as they are."""
        steps = list(planned(self.steps(session, visit), visit.starts_at, self.clock.now()))
        for one in self.concerned(session, visit, patient) if steps else ():
            for reminder in steps:
                enqueue(
                    session,
                    clock=self.clock,
                    kind=kind,
                    recipient=one.recipient,
                    ids=one.ids,
                    due_at=reminder.due_at,
                    dedupe=name_of(reminder.step, visit.id, visit.starts_at, one.who),
                    about=visit.id,
                )

    def offer(self, session: Session, offer: UUID, patient: PatientId) -> None:
        """Queue the letter about a time that is kept for one who waits."""
        enqueue(
            session,
            clock=self.clock,
            kind=OFFER,
            recipient=to_patient(patient),
            ids={"offer": offer},
            dedupe=f"{OFFER}:{offer}",
            about=offer,
        )

    def concerned(self, session: Session, visit: Appointment, patient: PatientId) -> Iterator[Told]:
        """Yield the patient, and every guardian whose time is not over."""
        ids = {"appointment": visit.id, "patient": patient}
        yield Told(to_patient(patient), patient, ids)
        for one in guardians_of(session, fields=self.fields, patient_id=patient):
            if _stands_until(one) > self.clock.now():
                whose = {**ids, "guardian": one.account_id}
                yield Told(to_account(one.account_id), one.account_id, whose)

    def steps(self, session: Session, visit: Appointment) -> Steps:
        """Return how long before this visit people are reminded."""
        return session.get_one(Service, visit.service_id).reminders(self.usual)

    def reminder_now(self, session: Session, ids: Ids) -> str | None:
        """Return what the reminder about `ids` is called whose turn it is, or None when there is none."""
        visit = session.get(Appointment, ids["appointment"])
        if visit is None or visit.status is not Status.BOOKED:
            return None
        step = turn(self.steps(session, visit), visit.starts_at, self.clock.now())
        who = ids.get("guardian", ids["patient"])
        return None if step is None else name_of(step, visit.id, visit.starts_at, who)


def _stands_until(one: Guardian) -> datetime:
    return one.ends_at if one.ended_at is None else min(one.ends_at, one.ended_at)
