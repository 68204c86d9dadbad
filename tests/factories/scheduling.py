"""A small diary: two practitioners in Jerusalem, two patients, one service, open Sunday to Thursday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy.orm import Session

from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.identity.models import Account, AccountStatus, Patient, Practitioner
from clinic.ids import AccountId, PatientId, PractitionerId, ServiceId, SiteId, new_id
from clinic.scheduling.models import AvailabilityRule, PractitionerService, Schedule, Service, Site
from clinic.scheduling.rules.availability import Modality
from tests.fakes.clock import START

WORKDAYS = (6, 0, 1, 2, 3)  # Sunday to Thursday


@dataclass(frozen=True, slots=True)
class Diary:
    """The ids of what `make_diary` made; accounts[i] is the account of patients[i]."""

    site: SiteId
    service: ServiceId
    practitioners: tuple[PractitionerId, ...]
    patients: tuple[PatientId, ...]
    accounts: tuple[AccountId, ...]


def make_diary(database: Database, *, patients: int = 2, practitioners: int = 2) -> Diary:
    """Make the diary in an empty database."""
    with transaction(database) as session:
        site = Site(id=new_id(), name="Jerusalem", tz="Asia/Jerusalem")
        service = make_service()
        session.add_all([site, service])
        session.flush()
        people = [make_patient(session) for _ in range(patients)]
        staff = [
            make_practitioner(session, site, service, name=f"Therapist {number}")
            for number in range(practitioners)
        ]
    return Diary(
        site=SiteId(site.id),
        service=ServiceId(service.id),
        practitioners=tuple(staff),
        patients=tuple(PatientId(person.id) for person in people),
        accounts=tuple(AccountId(person.account_id) for person in people if person.account_id),
    )


def make_service(code: str = "talk") -> Service:
    """Return 50 minutes and 10 after, every hour, two hours ahead, six weeks, a day's notice."""
    return Service(
        id=new_id(),
        code=code,
        kind="follow_up",
        texts_sealed=b"",
        modalities=frozenset(Modality),
        minutes=50,
        before_minutes=0,
        after_minutes=10,
        grid_minutes=60,
        lead_minutes=120,
        horizon_days=42,
        notice_minutes=24 * 60,
    )


def make_account(session: Session) -> Account:
    """Add an active account."""
    account = Account(
        id=new_id(),
        name_sealed=b"",
        language="ar",
        tz="Asia/Jerusalem",
        status=AccountStatus.ACTIVE,
        created_at=START,
    )
    session.add(account)
    session.flush()
    return account


def make_patient(session: Session) -> Patient:
    """Add a patient with an account."""
    account = make_account(session)
    patient = Patient(
        id=new_id(),
        account_id=account.id,
        name_sealed=b"",
        language="ar",
        created_by=account.id,
        created_at=START,
    )
    session.add(patient)
    session.flush()
    return patient


def make_practitioner(
    session: Session, site: Site, service: Service, *, name: str = "Therapist", language: str = "ar"
) -> PractitionerId:
    """Add a practitioner who offers `service` from 9 to 17 on workdays."""
    who = new_id()
    session.add(
        Practitioner(
            id=who,
            account_id=make_account(session).id,
            name=name,
            profession="psychologist",
            gender="female",
            languages=[language],
            specialties=["trauma"],
            created_at=START,
        )
    )
    session.flush()
    session.add(Schedule(practitioner_id=who, site_id=site.id))
    session.flush()
    session.add(PractitionerService(practitioner_id=who, service_id=service.id))
    session.add_all(
        AvailabilityRule(
            id=new_id(),
            practitioner_id=who,
            weekday=weekday,
            starts=time(9),
            ends=time(17),
            tz=site.tz,
            valid_from=date(2026, 1, 1),
            valid_to=None,
            modalities=frozenset(Modality),
        )
        for weekday in WORKDAYS
    )
    return PractitionerId(who)
