"""The one visit that can always be joined: `patient` with `therapist`, on video, now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from clinic.access.actor import Actor, Role
from clinic.demo.cast import therapists
from clinic.demo.diary import BREAK, LENGTH, appointment
from clinic.demo.parts import Making
from clinic.demo.people import Treating
from clinic.identity.models import Account, Patient, Practitioner
from clinic.identity.rules.contacts import email_key
from clinic.ids import AccountId, PatientId, PractitionerId
from clinic.scheduling.models import Appointment, Schedule, Service
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import LIVE, Status

_STILL_TO_COME = timedelta(minutes=20)


def ensure_joinable(making: Making) -> None:
    """Leave a visit that goes on for a while yet; otherwise clear the time and book one that starts now."""
    patient, therapist = _patient(making), _therapist(making)
    assert patient.patient_id is not None
    if _going_on(making, patient.patient_id, therapist.id):
        return
    starts_at = _start(making.now)
    for row in _in_the_way(making, patient.patient_id, therapist.id, starts_at):
        row.status = Status.CANCELLED
    making.session.flush()
    schedule = making.session.get_one(Schedule, therapist.id)
    service = making.session.scalars(select(Service).where(Service.code == "follow-up")).one()
    making.session.add(
        appointment(
            making,
            patient=patient,
            therapist=therapist,
            service=service.id,
            starts_at=starts_at,
            tz=schedule.site.tz,
            modality=Modality.VIDEO,
            status=Status.BOOKED,
        )
    )


def _start(now: datetime) -> datetime:
    """Return the last five minutes' mark: the visit has just begun."""
    return now.replace(minute=now.minute - now.minute % 5, second=0, microsecond=0)


def _going_on(making: Making, patient: PatientId, therapist: PractitionerId) -> bool:
    found = making.session.scalars(
        select(Appointment.id).where(
            Appointment.patient_id == patient,
            Appointment.practitioner_id == therapist,
            Appointment.modality == Modality.VIDEO,
            Appointment.status.in_({Status.BOOKED, Status.ARRIVED}),
            Appointment.starts_at <= making.now,
            Appointment.ends_at > making.now + _STILL_TO_COME,
        )
    )
    return found.first() is not None


def _in_the_way(
    making: Making, patient: PatientId, therapist: PractitionerId, starts_at: datetime
) -> list[Appointment]:
    rows = making.session.scalars(
        select(Appointment).where(
            Appointment.status.in_(LIVE),
            (Appointment.patient_id == patient) | (Appointment.practitioner_id == therapist),
            Appointment.busy_from < starts_at + LENGTH + BREAK,
            Appointment.busy_to > starts_at,
        )
    )
    return list(rows)


def _account(making: Making, login: str) -> Account:
    index = making.vault.fields.index("email", email_key(f"{login}@demo.invalid"))
    return making.session.scalars(select(Account).where(Account.email_index == index)).one()


def _patient(making: Making) -> Actor:
    account = _account(making, "patient")
    row = making.session.scalars(select(Patient).where(Patient.account_id == account.id)).one()
    return Actor(AccountId(account.id), frozenset({Role.PATIENT}), patient_id=PatientId(row.id))


def _therapist(making: Making) -> Treating:
    account = _account(making, "therapist")
    row = making.session.scalars(select(Practitioner).where(Practitioner.account_id == account.id)).one()
    actor = Actor(
        AccountId(account.id), frozenset({Role.PRACTITIONER}), practitioner_id=PractitionerId(row.id)
    )
    return Treating(therapists()[0], actor)
