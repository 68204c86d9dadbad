"""Accounts, patients and practitioners for tests, with passwords that cost nothing to check."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import count

from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM, Role
from clinic.identity.models import Account, AccountRole, AccountStatus, Patient, Practitioner
from clinic.identity.passwords import Passwords
from clinic.identity.rules.contacts import email_key
from clinic.ids import new_id
from clinic.vault import Vault
from tests.fakes.clock import START

PASSWORD = "correct-Horse-2026"
CHEAP_PASSWORDS = Passwords(memory_kib=8, rounds=1, at_once=50)
_numbers = count(1)


@cache
def _hash(password: str) -> str:
    return CHEAP_PASSWORDS.hash(password)


def make_account(
    session: Session,
    vault: Vault,
    *,
    email: str | None = None,
    name: str = "Samar Haddad",
    roles: Iterable[Role] = (Role.PATIENT,),
    password: str = PASSWORD,
    language: str = "en",
    tz: str = "Asia/Jerusalem",
    status: AccountStatus = AccountStatus.ACTIVE,
) -> Account:
    """Add an account that can sign in with `email` (a fresh one unless given) and `password`."""
    email = email or f"person{next(_numbers)}@clinic.example"
    id = new_id()
    account = Account(
        id=id,
        name_sealed=vault.fields.seal(id, "account.name", name),
        email_sealed=vault.fields.seal(id, "account.email", email),
        email_index=vault.fields.index("email", email_key(email)),
        password_hash=_hash(password),
        language=language,
        tz=tz,
        status=status,
        created_at=START,
        roles=[
            AccountRole(role=role, granted_by=SYSTEM.account_id, granted_at=START) for role in sorted(roles)
        ],
    )
    session.add(account)
    session.flush()
    return account


def make_patient(
    session: Session,
    vault: Vault,
    *,
    email: str | None = None,
    name: str = "Samar Haddad",
    phone: str | None = None,
    birth_date: str | None = "1990-05-17",
    account: bool = True,
    password: str = PASSWORD,
    language: str = "en",
) -> Patient:
    """Add a patient, with an account of the same name unless `account` is False."""
    email = email or (f"patient{next(_numbers)}@clinic.example" if account else None)
    owner = (
        make_account(session, vault, email=email, name=name, password=password, language=language)
        if account
        else None
    )
    id, fields = new_id(), vault.fields
    patient = Patient(
        id=id,
        account_id=owner.id if owner else None,
        name_sealed=fields.seal(id, "patient.name", name),
        phone_sealed=fields.seal(id, "patient.phone", phone) if phone else None,
        phone_index=fields.index("phone", phone) if phone else None,
        email_sealed=fields.seal(id, "patient.email", email) if email else None,
        email_index=fields.index("email", email_key(email)) if email else None,
        birth_date_sealed=fields.seal(id, "patient.birth_date", birth_date) if birth_date else None,
        language=language,
        created_by=owner.id if owner else SYSTEM.account_id,
        created_at=START,
    )
    session.add(patient)
    session.flush()
    return patient


def make_practitioner(
    session: Session,
    vault: Vault,
    *,
    email: str | None = None,
    name: str = "Dr. Leila Mansour",
    profession: str = "psychologist",
    gender: str = "female",
    languages: tuple[str, ...] = ("ar", "fr", "en"),
    specialties: tuple[str, ...] = ("anxiety",),
    roles: Iterable[Role] = (Role.PRACTITIONER,),
    password: str = PASSWORD,
    language: str = "fr",
) -> Practitioner:
    """Add a practitioner with an account of the same name."""
    account = make_account(
        session, vault, email=email, name=name, roles=roles, password=password, language=language
    )
    practitioner = Practitioner(
        id=new_id(),
        account_id=account.id,
        name=name,
        profession=profession,
        gender=gender,
        languages=list(languages),
        specialties=list(specialties),
        created_at=START,
    )
    session.add(practitioner)
    session.flush()
    return practitioner
