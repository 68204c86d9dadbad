"""A clinic with a full diary, for benchmarks: every third practitioner speaks Arabic, 94 % is taken.

Everybody works on five days, from an hour and a quarter of their own; visits are 50 minutes with 10 after
them and start on a grid of 15 minutes. SQLite, PostgreSQL and the peer get the same people and times.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.ids import PractitionerId, ServiceId, new_id
from clinic.scheduling.models import Appointment, AvailabilityRule
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.zones import to_utc
from clinic.scheduling.services.catalogue import (
    NewService,
    create_service,
    create_site,
    open_schedule,
)
from clinic.vault import Vault
from tests.factories.identity import make_patient, make_practitioner
from tests.factories.scheduling import PLACE, TALK
from tests.fakes.clock import FakeClock

DAYS, FULL, GRID = 28, 0.94, 15
ZONE = "Asia/Jerusalem"
WORKDAYS = {6: "Sunday", 0: "Monday", 1: "Tuesday", 2: "Wednesday", 3: "Thursday"}
_HOUR, _LENGTH = timedelta(hours=1), timedelta(minutes=50)
_HOURS_A_DAY = 8
_TALK = NewService(
    code=TALK.code, kind=TALK.kind, texts=TALK.texts, minutes=50, after_minutes=10, grid_minutes=GRID
)


@dataclass(frozen=True, slots=True)
class Person:
    """A practitioner, their one patient, when their day begins, and what is taken."""

    id: PractitionerId
    patient: UUID
    arabic: bool
    begins: time
    taken: list[datetime]

    @property
    def ends(self) -> time:
        """Return when their day ends."""
        return time(self.begins.hour + _HOURS_A_DAY, self.begins.minute)


@dataclass(frozen=True, slots=True)
class FullClinic:
    """The clinic in one database; `now` is when one searches."""

    database: Database
    service: ServiceId
    people: list[Person]
    now: datetime

    @property
    def appointments(self) -> int:
        """Return how many there are."""
        return sum(len(person.taken) for person in self.people)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who works when and what is taken, before anybody has an id."""

    begins: time
    taken: list[datetime]


def plan(practitioners: int, today: date) -> list[Plan]:
    """Return the same people for the same number and day."""
    dice = random.Random(2026)
    found = []
    for _ in range(practitioners):
        begins = time(dice.choice((8, 9, 10)), dice.choice((0, 15, 30, 45)))
        found.append(Plan(begins, [at for at in _hours(begins, today) if dice.random() < FULL]))
    return found


def _hours(begins: time, today: date) -> Iterator[datetime]:
    for number in range(DAYS):
        day = today + timedelta(days=number)
        if day.weekday() in WORKDAYS:
            first = to_utc(datetime.combine(day, begins), ZONE)
            yield from (first + hour * _HOUR for hour in range(_HOURS_A_DAY))


def fill(database: Database, vault: Vault, plans: list[Plan], now: datetime) -> FullClinic:
    """Put the people and their visits into an empty, migrated database."""
    clock = FakeClock()
    with transaction(database) as session:
        site = create_site(session, actor=SYSTEM, clock=clock, names=PLACE, tz=ZONE)
        service = create_service(session, actor=SYSTEM, clock=clock, fields=vault.fields, new=_TALK)
        people = [_person(session, vault, number, one) for number, one in enumerate(plans)]
        for person in people:
            open_schedule(
                session, actor=SYSTEM, clock=clock, practitioner=person.id, site=site, services=[service]
            )
            session.add_all(_rule(person, weekday) for weekday in WORKDAYS)
            session.flush()
        rows = [row(service, person, at) for person in people for at in person.taken]
        for begin in range(0, len(rows), 2_000):
            session.execute(insert(Appointment), rows[begin : begin + 2_000])
    return FullClinic(database, service, people, now)


def _person(session: Session, vault: Vault, number: int, one: Plan) -> Person:
    arabic = number % 3 == 0
    languages = ("ar", "fr") if arabic else ("fr", "en")
    found = make_practitioner(session, vault, name=f"Practitioner {number:04d}", languages=languages)
    patient = make_patient(session, vault, account=False)
    return Person(PractitionerId(found.id), patient.id, arabic, one.begins, one.taken)


def _rule(person: Person, weekday: int) -> AvailabilityRule:
    return AvailabilityRule(
        id=new_id(),
        practitioner_id=person.id,
        weekday=weekday,
        starts=person.begins,
        ends=person.ends,
        tz=ZONE,
        valid_from=date(2026, 1, 1),
        valid_to=None,
        modalities=frozenset(Modality),
    )


def row(service: ServiceId, who: Person, at: datetime) -> dict[str, object]:
    """Return a visit of somebody's patient."""
    return {
        "id": new_id(),
        "practitioner_id": who.id,
        "patient_id": who.patient,
        "service_id": service,
        "modality": Modality.VIDEO,
        "status": Status.BOOKED,
        "starts_at": at,
        "ends_at": at + _LENGTH,
        "busy_from": at,
        "busy_to": at + _HOUR,
        "wall_start": "2026-11-22T09:00",
        "tz": ZONE,
        "tzdb": "bench",
        "version": 1,
        "created_by": SYSTEM.account_id,
        "created_at": at,
    }


def for_the_peer(clinic: FullClinic, limit: int) -> dict[str, object]:
    """Return those who speak Arabic as JSON for `peer/search.mjs`, on whole cells of the grid."""
    start = _next_cell(clinic.now + timedelta(minutes=_TALK.lead_minutes))
    return {
        "from": start.isoformat(),
        "to": (start + timedelta(days=DAYS)).isoformat(),
        "grid_minutes": GRID,
        "minutes": 60,
        "limit": limit,
        "people": [
            {
                "id": str(person.id),
                "availability": [
                    {
                        "day": day,
                        "from": f"{person.begins:%H:%M}",
                        "to": f"{person.ends:%H:%M}",
                        "timezone": ZONE,
                    }
                    for day in WORKDAYS.values()
                ],
                "unavailability": [
                    {"from": at.isoformat(), "to": (at + _HOUR).isoformat()} for at in person.taken
                ],
            }
            for person in clinic.people
            if person.arabic
        ],
    }


def _next_cell(instant: datetime) -> datetime:
    cell = GRID * 60
    return datetime.fromtimestamp(-(-instant.timestamp() // cell) * cell, UTC)
