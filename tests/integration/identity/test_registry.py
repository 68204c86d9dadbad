"""Two who change one patient's contacts at once, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from clinic.access.actor import Actor, Role
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import PreconditionFailed
from clinic.identity.services import registry
from clinic.identity.services.patients import person
from clinic.ids import AccountId, PatientId, new_id
from clinic.vault import Vault
from tests.factories.identity import make_patient
from tests.fakes.clock import FakeClock

PEOPLE = 6


def test_of_those_who_change_at_once_all_but_one_are_told(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    desk = Actor(AccountId(new_id()), frozenset({Role.RECEPTION}))
    with transaction(database) as session:
        patient = make_patient(session, vault)
        patient_id, tag = PatientId(patient.id), person(patient, vault.fields).etag
    together = Barrier(PEOPLE)

    def change(number: int) -> bool:
        together.wait(timeout=10)
        try:
            with transaction(database) as session:
                registry.change_patient(
                    session,
                    actor=desk,
                    clock=clock,
                    fields=vault.fields,
                    patient_id=patient_id,
                    changes={"phone": f"+97252123456{number}"},
                    tz="Asia/Jerusalem",
                    if_match=tag,
                )
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert sum(pool.map(change, range(PEOPLE))) == 1
