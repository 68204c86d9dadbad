"""Slot search and guarded booking in a full clinic: 200 practitioners, 28 days, 30,000 appointments.

Every third practitioner speaks Arabic; 94 % of the hours are taken. SQLite and PostgreSQL get the same data.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.report import publish, timed
from clinic.access.actor import SYSTEM
from clinic.audit import SESSION_KEY, AuditKeys
from clinic.config import settings_from
from clinic.db import migrations
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import PractitionerId, ServiceId, new_id
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.practitioners import ANYBODY, Wish
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.zones import use_packaged_zones
from clinic.scheduling.services import guarded
from clinic.scheduling.services.catalogue import create_service, create_site
from clinic.vault import Vault, build_vault, initialise
from tests.factories.identity import make_practitioner
from tests.factories.scheduling import PLACE, TALK, open_hours
from tests.fakes.clock import START, FakeClock
from tests.servers.postgresql import PostgreSQL

DAYS, FULL = 28, 0.94
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Filled:
    """A clinic with a full diary."""

    database: Database
    service: ServiceId
    practitioners: list[PractitionerId]
    appointments: int


def main() -> None:
    """Measure and report."""
    use_packaged_zones()
    rows = []
    for practitioners in (200, 1000):
        with _databases() as (databases, vault):
            for database in databases:
                rows.append(_measure(_fill(database, vault, practitioners)))
    publish("slots", "First 20 free slots for one language, and guarded inserts", rows)


def _measure(clinic: Filled) -> dict[str, object]:
    def search(wish: Wish) -> None:
        with snapshot(clinic.database) as session:
            found = find_slots(session, SlotSearch(clinic.service, wish, limit=20), now=START)
        assert len(found) == 20

    arabic = timed(lambda: search(Wish(language="ar")), 60)
    anybody = timed(lambda: search(ANYBODY), 30)
    return {
        "database": clinic.database.dialect,
        "practitioners": len(clinic.practitioners),
        "appointments": clinic.appointments,
        "arabic_first_ms": arabic["first_ms"],
        "arabic_p50_ms": arabic["p50_ms"],
        "arabic_p95_ms": arabic["p95_ms"],
        "anybody_p50_ms": anybody["p50_ms"],
        "inserts_per_s": _inserts(clinic),
    }


def _inserts(clinic: Filled) -> int:
    """Return how many hours a second one process takes past the horizon, each in its own transaction."""
    free = [(who, START + timedelta(days=60 + day)) for day in range(2) for who in clinic.practitioners[:150]]
    rows = iter([_row(clinic.service, who, at) for who, at in free])

    def book() -> None:
        row = next(rows)
        with transaction(clinic.database) as session:
            guarded.lock_schedules(session, [row["practitioner_id"]])  # type: ignore[list-item]
            guarded.place(session, row)

    return round(1000 / timed(book, len(free))["p50_ms"])


def _fill(database: Database, vault: Vault, practitioners: int) -> Filled:
    dice = random.Random(2026)
    with transaction(database) as session:
        clock = FakeClock()
        site = create_site(session, actor=SYSTEM, clock=clock, names=PLACE, tz="Asia/Jerusalem")
        service = create_service(session, actor=SYSTEM, clock=clock, fields=vault.fields, new=TALK)
        people = [_person(session, vault, number) for number in range(practitioners)]
        for who in people:
            open_hours(session, who, site, [service])
        rows = [_row(service, who, at) for who in people for at in _hours() if dice.random() < FULL]
        for begin in range(0, len(rows), 2_000):
            session.execute(insert(Appointment), rows[begin : begin + 2_000])
    return Filled(database, service, people, len(rows))


def _person(session: Session, vault: Vault, number: int) -> PractitionerId:
    languages = ("ar", "fr") if number % 3 == 0 else ("fr", "en")
    person = make_practitioner(session, vault, name=f"Practitioner {number:04d}", languages=languages)
    return PractitionerId(person.id)


def _hours() -> Iterator[datetime]:
    for day in range(DAYS):
        morning = START.replace(hour=7) + timedelta(days=day)
        if morning.weekday() in {6, 0, 1, 2, 3}:
            yield from (morning + number * _HOUR for number in range(8))


def _row(service: ServiceId, who: PractitionerId, at: datetime) -> dict[str, object]:
    """Return a kept hour; to the search and to the guard it is as taken as a visit."""
    return {
        "id": new_id(),
        "practitioner_id": who,
        "patient_id": None,
        "service_id": service,
        "modality": Modality.VIDEO,
        "status": Status.HELD,
        "starts_at": at,
        "ends_at": at + timedelta(minutes=50),
        "busy_from": at,
        "busy_to": at + _HOUR,
        "wall_start": "2026-11-22T09:00",
        "tz": "Asia/Jerusalem",
        "tzdb": "bench",
        "hold_expires_at": at + timedelta(days=365),
        "version": 1,
        "created_by": SYSTEM.account_id,
        "created_at": START,
    }


@contextmanager
def _databases() -> Iterator[tuple[list[Database], Vault]]:
    """Yield migrated, empty databases of both kinds, and a vault."""
    with tempfile.TemporaryDirectory(prefix="sakina-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        settings = settings_from({"DATA_DIR": str(folder / "var"), "CLINIC_SECRET_KEY": "0" * 64})
        initialise(settings, FakeClock())
        vault = build_vault(settings, FakeClock())
        server = PostgreSQL(folder / "postgresql")
        try:
            server.execute("CREATE DATABASE bench")
            yield [_migrated(settings.database_url, vault), _migrated(server.url("bench"), vault)], vault
        finally:
            server.stop()


def _migrated(url: str, vault: Vault) -> Database:
    database = Database(url, info={SESSION_KEY: AuditKeys.of(vault)})
    migrations.upgrade(database.engine)
    return database
