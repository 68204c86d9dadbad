"""Invitations to people on file, taken up and raced for on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from clinic.access.actor import Actor, Role
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import ClinicError
from clinic.identity.models import Account, AccountStatus, Patient
from clinic.identity.services import patient_invitations, registry, tokens
from clinic.identity.services.registry import Contacts
from clinic.ids import AccountId, PatientId, new_id
from clinic.vault import Vault
from tests.fakes.clock import FakeClock

SECRET = b"s" * 32
DESK = Actor(AccountId(new_id()), frozenset({Role.RECEPTION}))
PEOPLE = 6


def invited(database: Database, clock: FakeClock, vault: Vault) -> tuple[PatientId, str]:
    """Put Nour on file and invite them; return the file and the letter's token."""
    contacts = Contacts("Nour Aloui", "ar", "Asia/Jerusalem", email="nour@clinic.example")
    file, id = new_id(), new_id()
    with transaction(database) as session:
        registry.enter_patient(
            session,
            actor=DESK,
            clock=clock,
            fields=vault.fields,
            id=file,
            contacts=contacts,
            confirmed=False,
        )
    with transaction(database) as session:
        patient_invitations.invite(
            session, actor=DESK, clock=clock, secret=SECRET, id=id, patient_id=PatientId(file)
        )
    return PatientId(file), tokens.token_of(SECRET, patient_invitations.KIND, id)


def take_up(database: Database, clock: FakeClock, vault: Vault, token: str) -> AccountId:
    """Take an invitation up."""
    with transaction(database) as session:
        return patient_invitations.accept(
            session, clock=clock, fields=vault.fields, token=token, password_hash="hash", tz="Asia/Jerusalem"
        )


def test_the_account_is_active_and_has_the_file(database: Database, clock: FakeClock, vault: Vault) -> None:
    file, token = invited(database, clock, vault)
    account_id = take_up(database, clock, vault, token)
    with snapshot(database) as session:
        assert session.get_one(Patient, file).account_id == account_id
        assert session.get_one(Account, account_id).status is AccountStatus.ACTIVE


def test_of_those_who_take_it_up_at_once_one_has_an_account(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    _file, token = invited(database, clock, vault)
    together = Barrier(PEOPLE)

    def race(_number: int) -> bool:
        together.wait(timeout=10)
        try:
            take_up(database, clock, vault, token)
        except ClinicError:
            return False
        return True

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert sum(pool.map(race, range(PEOPLE))) == 1
    with snapshot(database) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1
