"""Who treats whom, and who vouches for it (decision 10b), on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM, Actor, Role
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import Denied, Invalid, NotFound
from clinic.identity.models import Account, CareKind, Patient, Practitioner, RelationshipSource
from clinic.identity.services import relationships
from clinic.identity.services.relationships import Relationship
from clinic.ids import AccountId, PatientId, PractitionerId, new_id
from clinic.vault import Vault
from tests.factories.identity import make_account, make_patient, make_practitioner
from tests.fakes.clock import FakeClock


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there, as actors."""

    patient: Actor
    therapist: Actor
    reception: Actor
    patient_id: PatientId
    practitioner_id: PractitionerId


def _actor(account: Account, role: Role) -> Actor:
    return Actor(AccountId(account.id), frozenset({role}))


@pytest.fixture
def cast(database: Database, vault: Vault) -> Cast:
    """A patient, a therapist and a receptionist who have nothing to do with each other yet."""
    with transaction(database) as session:
        patient: Patient = make_patient(session, vault)
        therapist: Practitioner = make_practitioner(session, vault)
        reception = make_account(session, vault, roles=(Role.RECEPTION,))
        assert patient.account_id is not None
        return Cast(
            patient=Actor(
                AccountId(patient.account_id), frozenset({Role.PATIENT}), patient_id=PatientId(patient.id)
            ),
            therapist=Actor(
                AccountId(therapist.account_id),
                frozenset({Role.PRACTITIONER}),
                practitioner_id=PractitionerId(therapist.id),
            ),
            reception=_actor(reception, Role.RECEPTION),
            patient_id=PatientId(patient.id),
            practitioner_id=PractitionerId(therapist.id),
        )


def relate(session: Session, cast: Cast, clock: FakeClock, by: Actor) -> Relationship:
    """Relate the two people of `cast` by the act of `by`."""
    return relationships.relate(
        session,
        actor=by,
        clock=clock,
        patient_id=cast.patient_id,
        practitioner_id=cast.practitioner_id,
        source=RelationshipSource.ASSIGNMENT,
    )


def vouchers(database: Database, cast: Cast) -> list[AccountId | None]:
    """Return who vouches for each relationship of the patient."""
    with snapshot(database) as session:
        found = relationships.relationships(session, patient_id=cast.patient_id)
    return [one.vouched_by for one in found]


def test_nobody_vouches_for_themselves(database: Database, cast: Cast, clock: FakeClock) -> None:
    with transaction(database) as session:
        relate(session, cast, clock, cast.therapist)
    assert vouchers(database, cast) == [None]


def test_the_worker_vouches_for_nobody(database: Database, cast: Cast, clock: FakeClock) -> None:
    with transaction(database) as session:
        relate(session, cast, clock, SYSTEM)
    assert vouchers(database, cast) == [None]


@pytest.mark.parametrize("who", ["patient", "reception"])
def test_a_second_person_vouches(database: Database, cast: Cast, clock: FakeClock, who: str) -> None:
    second: Actor = getattr(cast, who)
    with transaction(database) as session:
        relate(session, cast, clock, second)
    assert vouchers(database, cast) == [second.account_id]


def test_a_second_persons_word_lets_a_practitioners_own_entry_stand(
    database: Database, cast: Cast, clock: FakeClock
) -> None:
    with transaction(database) as session:
        relate(session, cast, clock, cast.therapist)
    with transaction(database) as session:
        relate(session, cast, clock, cast.reception)
        relate(session, cast, clock, cast.patient)
    assert vouchers(database, cast) == [cast.reception.account_id]


def test_the_patient_confirms_and_the_practitioner_cannot(
    database: Database, cast: Cast, clock: FakeClock
) -> None:
    with transaction(database) as session:
        made = relate(session, cast, clock, cast.therapist)
    for actor, error in ((cast.therapist, Denied), (SYSTEM, NotFound)):
        with pytest.raises(error), transaction(database) as session:
            relationships.confirm_relationship(session, actor=actor, clock=clock, relationship_id=made.id)
    with transaction(database) as session:
        relationships.confirm_relationship(session, actor=cast.patient, clock=clock, relationship_id=made.id)
    assert vouchers(database, cast) == [cast.patient.account_id]


def test_another_patient_finds_nothing_to_confirm(
    database: Database, cast: Cast, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        made = relate(session, cast, clock, cast.therapist)
        other = make_patient(session, vault)
    stranger = Actor(AccountId(new_id()), frozenset({Role.PATIENT}), patient_id=PatientId(other.id))
    with pytest.raises(NotFound), transaction(database) as session:
        relationships.confirm_relationship(session, actor=stranger, clock=clock, relationship_id=made.id)


def test_staff_away_from_the_desk_find_nothing_to_confirm(
    database: Database, cast: Cast, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        made = relate(session, cast, clock, cast.therapist)
        own = make_patient(session, vault)
    for role in (Role.PRACTITIONER, Role.SUPERVISOR, Role.AUDITOR, Role.PRIVACY_OFFICER):
        colleague = Actor(AccountId(new_id()), frozenset({role, Role.PATIENT}), patient_id=PatientId(own.id))
        with pytest.raises(NotFound), transaction(database) as session:
            relationships.confirm_relationship(session, actor=colleague, clock=clock, relationship_id=made.id)
    assert vouchers(database, cast) == [None]


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.SUPERVISOR, Role.PRIVACY_OFFICER, Role.AUDITOR])
def test_a_colleague_vouches_for_nobody(database: Database, cast: Cast, clock: FakeClock, role: Role) -> None:
    with transaction(database) as session:
        relate(session, cast, clock, Actor(AccountId(new_id()), frozenset({role})))
    assert vouchers(database, cast) == [None]


def test_relating_at_once_comes_to_the_same(database: Database, cast: Cast, clock: FakeClock) -> None:
    together = Barrier(4)

    def attempt(_number: int) -> UUID:
        together.wait(timeout=10)
        with transaction(database) as session:
            return relate(session, cast, clock, cast.reception).id

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(attempt, range(4)))
    assert len(made) == 1
    assert vouchers(database, cast) == [cast.reception.account_id]


def test_coming_to_the_visit_confirms(database: Database, cast: Cast, clock: FakeClock) -> None:
    with transaction(database) as session:
        relate(session, cast, clock, cast.therapist)
        relationships.confirm_attendance(
            session, actor=cast.patient, clock=clock, practitioner_id=cast.practitioner_id
        )
    assert vouchers(database, cast) == [cast.patient.account_id]


def test_letting_somebody_in_who_does_not_treat_makes_them_covering(
    database: Database, cast: Cast, clock: FakeClock
) -> None:
    with transaction(database) as session:
        relationships.let_in(
            session,
            actor=cast.patient,
            clock=clock,
            patient_id=cast.patient_id,
            practitioner_id=cast.practitioner_id,
        )
        found = relationships.relationships(session, patient_id=cast.patient_id)
    assert [(one.kind, one.treats) for one in found] == [(CareKind.COVERING, False)]


def test_people_who_do_not_exist_cannot_be_related(database: Database, cast: Cast, clock: FakeClock) -> None:
    for patient_id, practitioner_id in (
        (PatientId(new_id()), cast.practitioner_id),
        (cast.patient_id, PractitionerId(new_id())),
    ):
        with pytest.raises(Invalid), transaction(database) as session:
            relationships.relate(
                session,
                actor=cast.reception,
                clock=clock,
                patient_id=patient_id,
                practitioner_id=practitioner_id,
            )
