"""The demo's accounts, practitioners and patients; every password is the documented one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.access.actor import SYSTEM, Actor, Role
from clinic.demo.cast import Therapist, names, therapists
from clinic.demo.parts import At, Making
from clinic.identity.models import Account, AccountRole, AccountStatus, Patient, Practitioner
from clinic.identity.passwords import Passwords
from clinic.identity.rules.contacts import email_key
from clinic.identity.services import guardianships
from clinic.identity.services.guardianships import Period
from clinic.ids import AccountId, PatientId, PractitionerId, new_id

PASSWORD = "demo-Sakina-2026"
PATIENTS = 80
_STAFF = {
    "reception": ("رنا مسعود", Role.RECEPTION, "ar"),
    "manager": ("Hajar Idrissi", Role.CLINIC_ADMIN, "fr"),
    "privacy": ("Samir Odeh", Role.PRIVACY_OFFICER, "en"),
    "auditor": ("Claire Dumas", Role.AUDITOR, "fr"),
    "sysadmin": ("Bilal Nasser", Role.SYSTEM_ADMINISTRATOR, "en"),
}
_WITH_ACCOUNT = {
    "patient": ("ليلى حمدان", "ar", (Role.PATIENT,)),
    "patient2": ("Nadia El Fassi", "fr", (Role.PATIENT,)),
    "guardian": ("منى الخطيب", "ar", (Role.PATIENT, Role.GUARDIAN)),
    "minor": ("هبة الخطيب", "ar", (Role.PATIENT,)),
}
_MINOR_YEARS = 15


@dataclass(frozen=True, slots=True)
class Treating:
    """A practitioner of the demo as an actor."""

    cast: Therapist
    actor: Actor

    @property
    def id(self) -> PractitionerId:
        """Return the practitioner's id."""
        assert self.actor.practitioner_id is not None
        return self.actor.practitioner_id


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of the demo; patients are actors, those without an account too."""

    therapists: Sequence[Treating]
    patients: Sequence[Actor]
    reception: Actor


def make_people(making: Making, *, scale: int) -> People:
    """Make the staff, the practitioners and `scale` times 80 patients."""
    hashed = Passwords().hash(PASSWORD)
    staff = {
        login: _account(making, login, name, (role,), language, hashed)
        for login, (name, role, language) in _STAFF.items()
    }
    treating = [_therapist(making, cast, hashed) for cast in therapists()]
    patients = [
        _patient(making, name, lang, _account(making, login, name, roles, lang, hashed), login)
        for login, (name, lang, roles) in _WITH_ACCOUNT.items()
    ]
    patients += [
        _patient(making, name, lang, None, None)
        for name, lang in _invented(making, PATIENTS * scale - len(patients))
    ]
    making.session.flush()
    reception = Actor(account_id=AccountId(staff["reception"].id), roles=frozenset({Role.RECEPTION}))
    _stand_in(making, patients[[*_WITH_ACCOUNT].index("minor")], reception)
    return People(therapists=treating, patients=patients, reception=reception)


def _stand_in(making: Making, minor: Actor, reception: Actor) -> None:
    """Let the guardian stand in for the minor until they are eighteen, as the desk has seen the papers."""
    assert minor.patient_id is not None
    guardianships.verify(
        making.session,
        actor=reception,
        clock=At(_long_ago(making)),
        fields=making.vault.fields,
        id=new_id(),
        patient_id=minor.patient_id,
        email="guardian@demo.invalid",
        period=Period(_long_ago(making), making.now + timedelta(days=(18 - _MINOR_YEARS) * 365)),
    )


def _account(
    making: Making, login: str, name: str, roles: Sequence[Role], language: str, hashed: str
) -> Account:
    fields, id, email = making.vault.fields, new_id(), f"{login}@demo.invalid"
    account = Account(
        id=id,
        name_sealed=fields.seal(id, "account.name", name),
        email_sealed=fields.seal(id, "account.email", email),
        email_index=fields.index("email", email_key(email)),
        password_hash=hashed,
        language=language,
        tz="Asia/Jerusalem",
        status=AccountStatus.ACTIVE,
        created_at=_long_ago(making),
        roles=[
            AccountRole(role=role, granted_by=SYSTEM.account_id, granted_at=_long_ago(making))
            for role in sorted(roles)
        ],
    )
    making.session.add(account)
    making.session.flush()
    return account


def _long_ago(making: Making) -> datetime:
    return making.now - timedelta(days=120)


def _therapist(making: Making, cast: Therapist, hashed: str) -> Treating:
    roles = [Role.PRACTITIONER, *([Role.SUPERVISOR] if cast.login == "supervisor" else [])]
    account = _account(making, cast.login, cast.name, roles, cast.languages[-1], hashed)
    row = Practitioner(
        id=new_id(),
        account_id=account.id,
        name=cast.name,
        profession=cast.profession,
        gender=cast.gender,
        languages=list(cast.languages),
        specialties=list(cast.specialties),
        created_at=account.created_at,
    )
    making.session.add(row)
    making.session.flush()
    actor = Actor(
        account_id=AccountId(account.id), roles=frozenset(roles), practitioner_id=PractitionerId(row.id)
    )
    return Treating(cast, actor)


def _patient(making: Making, name: str, language: str, account: Account | None, login: str | None) -> Actor:
    fields, id = making.vault.fields, new_id()
    email = f"{login}@demo.invalid" if login else None
    phone = f"+97025550{making.die.randrange(1000):03d}"
    years = _MINOR_YEARS if login == "minor" else 20 + making.die.randrange(50)
    born = making.now.date() - timedelta(days=years * 366)
    making.session.add(
        Patient(
            id=id,
            account_id=account.id if account else None,
            name_sealed=fields.seal(id, "patient.name", name),
            phone_sealed=fields.seal(id, "patient.phone", phone),
            phone_index=fields.index("phone", phone),
            email_sealed=fields.seal(id, "patient.email", email) if email else None,
            email_index=fields.index("email", email_key(email)) if email else None,
            birth_date_sealed=fields.seal(id, "patient.birth_date", born.isoformat()),
            language=language,
            created_by=account.id if account else SYSTEM.account_id,
            created_at=_long_ago(making),
        )
    )
    return Actor(
        account_id=AccountId(account.id if account else id),
        roles=frozenset({Role.PATIENT}),
        patient_id=PatientId(id),
        language=language,
    )


def _invented(making: Making, count: int) -> Sequence[tuple[str, str]]:
    """Return `count` names with their language, every full name once while there are enough."""
    everyone = [
        (f"{given} {family}", language)
        for language, pool in names().items()
        for given in pool.given
        for family in pool.family
    ]
    making.die.shuffle(everyone)
    return [everyone[number % len(everyone)] for number in range(count)]
