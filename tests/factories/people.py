"""A small clinic's people: patients, therapists, a receptionist, a privacy officer; nobody is related."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

import clinic.scheduling.models  # noqa: F401 -- notes point at visits
from clinic.access.actor import Actor, Role
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.identity.services.relationships import relate
from clinic.ids import AccountId, PatientId, PractitionerId
from clinic.vault import Vault
from tests.factories.identity import make_account, make_patient, make_practitioner
from tests.fakes.clock import FakeClock


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there, as actors."""

    patient: Actor
    patient2: Actor
    therapist: Actor
    therapist2: Actor
    supervisor: Actor
    reception: Actor
    privacy: Actor

    @property
    def patient_id(self) -> PatientId:
        """Return the first patient's id."""
        assert self.patient.patient_id is not None
        return self.patient.patient_id


def practitioner_of(actor: Actor) -> PractitionerId:
    """Return the practitioner that an actor is."""
    assert actor.practitioner_id is not None
    return actor.practitioner_id


def stepped_up(actor: Actor, clock: FakeClock) -> Actor:
    """Return the actor a moment after they proved again who they are."""
    return replace(actor, stepped_up_until=clock.now() + timedelta(minutes=10))


def make_cast(database: Database, vault: Vault) -> Cast:
    """Make the people in an empty database; each signs in as `<role in the cast>@clinic.example`."""
    with transaction(database) as session:
        return Cast(
            patient=_patient(session, vault, "patient", "Amina Khoury"),
            patient2=_patient(session, vault, "patient2", "Samir Haddad"),
            therapist=_practitioner(session, vault, "therapist", "Salma Idrissi"),
            therapist2=_practitioner(session, vault, "therapist2", "Karim Benjelloun"),
            supervisor=_practitioner(session, vault, "supervisor", "Nadia Sabbah", Role.SUPERVISOR),
            reception=_staff(session, vault, "reception", "Huda Nasser", Role.RECEPTION),
            privacy=_staff(session, vault, "privacy", "Leila Mansour", Role.PRIVACY_OFFICER),
        )


def _patient(session: Session, vault: Vault, who: str, name: str) -> Actor:
    row = make_patient(session, vault, email=f"{who}@clinic.example", name=name)
    assert row.account_id is not None
    return Actor(
        account_id=AccountId(row.account_id), roles=frozenset({Role.PATIENT}), patient_id=PatientId(row.id)
    )


def _practitioner(
    session: Session, vault: Vault, who: str, name: str, role: Role = Role.PRACTITIONER
) -> Actor:
    row = make_practitioner(session, vault, email=f"{who}@clinic.example", name=name, roles=[role])
    return Actor(
        account_id=AccountId(row.account_id),
        roles=frozenset({role}),
        practitioner_id=PractitionerId(row.id),
    )


def _staff(session: Session, vault: Vault, who: str, name: str, role: Role) -> Actor:
    row = make_account(session, vault, email=f"{who}@clinic.example", name=name, roles=[role])
    return Actor(account_id=AccountId(row.id), roles=frozenset({role}))


def treat(database: Database, clock: FakeClock, *, patient: Actor, therapist: Actor, by: Actor) -> None:
    """Make `therapist` the patient's, by the act of `by`."""
    assert patient.patient_id is not None
    with transaction(database) as session:
        relate(
            session,
            actor=by,
            clock=clock,
            patient_id=patient.patient_id,
            practitioner_id=practitioner_of(therapist),
        )
