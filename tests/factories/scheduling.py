"""A small diary in Jerusalem: 50-minute talks, on the hour, Sunday to Thursday from 9 to 17."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM, Actor, Role
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.identity.models import WebSession
from clinic.ids import AccountId, PatientId, PractitionerId, ServiceId, SessionId, SiteId, new_id
from clinic.scheduling.models import AvailabilityRule, Location, guard
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.services.catalogue import (
    NewService,
    ServiceText,
    create_service,
    create_site,
    open_schedule,
)
from clinic.vault import Vault
from tests.factories.identity import make_account, make_patient, make_practitioner
from tests.fakes.clock import START, FakeClock

WORKDAYS = (6, 0, 1, 2, 3)
PLACE = {"ar": "القدس", "fr": "Jérusalem", "en": "Jerusalem"}
TALK = NewService(
    code="talk",
    kind="follow_up",
    texts={
        "ar": ServiceText("متابعة", "حديث مع معالجتك"),
        "fr": ServiceText("Suivi", "Un entretien avec votre thérapeute"),
        "en": ServiceText("Follow-up", "A talk with your therapist"),
    },
    minutes=50,
    after_minutes=10,
    grid_minutes=60,
)


@dataclass(frozen=True, slots=True)
class Diary:
    """What `make_diary` made: the ids, and the people as actors."""

    site: SiteId
    service: ServiceId
    practitioners: tuple[PractitionerId, ...]
    patients: tuple[PatientId, ...]
    patient_actors: tuple[Actor, ...]
    therapist_actors: tuple[Actor, ...]
    desk: Actor


def make_diary(
    database: Database, vault: Vault, *, patients: int = 2, practitioners: int = 2, new: NewService = TALK
) -> Diary:
    """Make the diary in an empty database."""
    clock = FakeClock()
    with transaction(database) as session:
        site = create_site(session, actor=SYSTEM, clock=clock, names=PLACE, tz="Asia/Jerusalem")
        service = create_service(session, actor=SYSTEM, clock=clock, fields=vault.fields, new=new)
        people = [make_patient(session, vault) for _ in range(patients)]
        staff = [
            make_practitioner(session, vault, name=f"Therapist {number}") for number in range(practitioners)
        ]
        for person in staff:
            open_hours(session, PractitionerId(person.id), site, [service])
        desk = make_account(session, vault, name="Rana", roles=[Role.RECEPTION])
    return Diary(
        site=site,
        service=service,
        practitioners=tuple(PractitionerId(person.id) for person in staff),
        patients=tuple(PatientId(person.id) for person in people),
        patient_actors=tuple(
            _actor(person.account_id, Role.PATIENT, patient_id=PatientId(person.id)) for person in people
        ),
        therapist_actors=tuple(
            _actor(person.account_id, Role.PRACTITIONER, practitioner_id=PractitionerId(person.id))
            for person in staff
        ),
        desk=_actor(desk.id, Role.RECEPTION),
    )


def open_hours(
    session: Session,
    practitioner: PractitionerId,
    site: SiteId,
    services: Sequence[ServiceId],
    *,
    tz: str = "Asia/Jerusalem",
    modalities: frozenset[Modality] = frozenset(Modality),
) -> None:
    """Let `practitioner` be booked for `services` on workdays from 9 to 17."""
    open_schedule(
        session, actor=SYSTEM, clock=FakeClock(), practitioner=practitioner, site=site, services=services
    )
    session.add_all(
        AvailabilityRule(
            id=new_id(),
            practitioner_id=practitioner,
            weekday=weekday,
            starts=time(9),
            ends=time(17),
            tz=tz,
            valid_from=date(2026, 1, 1),
            valid_to=None,
            modalities=modalities,
        )
        for weekday in WORKDAYS
    )
    session.flush()


def make_room(database: Database, site: SiteId, name: str) -> UUID:
    """Add a room to a site."""
    room = Location(id=new_id(), site_id=site, name=name, active=True)
    with transaction(database) as session:
        session.add(room)
    return room.id


def drop_the_guard(database: Database) -> None:
    """Take the database's rules away, as a careless migration might."""
    with database.engine.begin() as connection:
        if database.dialect == "postgresql":
            for rule in guard.RULES:
                connection.exec_driver_sql(f"ALTER TABLE appointment DROP CONSTRAINT {rule}")
        else:
            for trigger in guard.TRIGGERS:
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")


def signed_in(session: Session, actor: Actor, now: datetime = START) -> str:
    """Begin or renew the session of `actor` without a password; return its token."""
    token = new_id().hex
    session.merge(
        WebSession(
            id=actor.session_id or new_id(),
            token_hash=hashlib.sha256(token.encode()).digest(),
            account_id=actor.account_id,
            device="test",
            created_at=now,
            last_seen_at=now,
        )
    )
    session.flush()
    return token


def _actor(
    account_id: object,
    role: Role,
    *,
    patient_id: PatientId | None = None,
    practitioner_id: PractitionerId | None = None,
) -> Actor:
    return Actor(
        account_id=AccountId(account_id),  # type: ignore[arg-type]  # every account here has an id
        roles=frozenset({role}),
        patient_id=patient_id,
        practitioner_id=practitioner_id,
        session_id=SessionId(new_id()),
        language="en",
        tz="Asia/Jerusalem",
    )
