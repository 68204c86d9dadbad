"""Booking under pressure, from several processes at once: what the guard costs, and what it prevents.

Twice the same clinic, once with the database's rules and once with them dropped. The rate is measured in
many short turns, so that whatever else the machine does weighs on both alike; the ratio is the median of
what the two made of the same turn. What is possible at most is measured beside it: bare rows by prepared
statements (see `bare_rows`), and writes to the disk, for which every commit waits.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text

from bench import bare_rows
from bench.report import note, publish, timed
from clinic.audit import SESSION_KEY, AuditKeys
from clinic.config import settings_from
from clinic.db import migrations
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.ids import AppointmentId
from clinic.scheduling.models import Appointment
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.zones import use_packaged_zones
from clinic.vault import build_vault, initialise
from tests.factories.scheduling import Diary, drop_the_guard, make_diary
from tests.fakes.clock import START, FakeClock
from tests.integration.scheduling.test_contention import overlaps
from tests.servers.bookers import Bookers, Crowd, Job, crowd
from tests.servers.postgresql import PostgreSQL

PROCESSES, THREADS = 4, 2
PRACTITIONERS, PATIENTS = 24, 50
ROUNDS, BURSTS, CROWD = 15, 10, 50
EACH = {"row": 8, "insert": 4, "book": 2}  # times of every practitioner in a turn
_KINDS = ("book", "book", "hold", "move", "move", "series")  # what people in a burst do


@dataclass(frozen=True, slots=True)
class Clinic:
    """One database with its processes."""

    guarded: bool
    database: Database
    diary: Diary
    times: Sequence[datetime]
    crowd: Crowd
    writers: Crowd
    here: Bookers


def main() -> None:
    """Measure and report."""
    use_packaged_zones()
    rates, bursts = [], []
    with tempfile.TemporaryDirectory(prefix="sakina-bench-") as name, ExitStack() as stack:
        syncs = _syncs(Path(name))
        for dialect in ("sqlite", "postgresql"):
            pair = stack.enter_context(_pair(Path(name), dialect))
            rates += [{**_rate(dialect, pair, kind), "disk_syncs_per_s": syncs} for kind in EACH]
            bursts += [_bursts(dialect, one) for one in pair]
    publish("bookings", "Bookings a second from 4 processes, with the guard and without", rates)
    publish("bursts", f"{BURSTS} bursts of {CROWD}: book, hold, move and series onto the same times", bursts)


def _syncs(folder: Path) -> int:
    """Return how many small writes a second one writer brings safely to disk, one after the other."""
    with (folder / "syncs").open("wb", buffering=0) as file:

        def write() -> None:
            file.write(bytes(4096))
            os.fdatasync(file.fileno())

        return round(1000 / timed(write, 500)["p50_ms"])


def _rate(dialect: str, pair: Sequence[Clinic], kind: str) -> dict[str, object]:
    """Return the rate of free bookings with the guard and without, in turns over disjoint times."""
    note(f"{dialect}: {kind}, with the guard and without, in {ROUNDS} turns")
    spans: dict[bool, list[float]] = {True: [], False: []}
    slow: dict[bool, list[float]] = {True: [], False: []}
    locked = {True: 0, False: 0}
    for number in range(ROUNDS):
        turn = pair if number % 2 else tuple(reversed(pair))
        for clinic in turn:
            jobs = _apart(clinic, kind, number)
            crowd = clinic.writers if kind == "row" else clinic.crowd
            found, seconds = crowd.at_once(jobs)
            codes = Counter(one.code for one in found)
            assert set(codes) <= {"done", "locked"}, codes
            locked[clinic.guarded] += codes["locked"]
            spans[clinic.guarded].append(codes["done"] / seconds)
            slow[clinic.guarded] += [one.seconds * 1000 for one in found]
    ratios = [kept / dropped for kept, dropped in zip(spans[True], spans[False], strict=True)]
    return {
        "database": dialect,
        "act": kind,
        "guarded_per_s": round(statistics.median(spans[True])),
        "dropped_per_s": round(statistics.median(spans[False])),
        "ratio": round(statistics.median(ratios), 2),
        "guarded_p95_ms": round(statistics.quantiles(slow[True], n=20)[-1], 1),
        "dropped_p95_ms": round(statistics.quantiles(slow[False], n=20)[-1], 1),
        "locked_out": f"{locked[True]} / {locked[False]}",
        "rounds": ROUNDS,
    }


def _apart(clinic: Clinic, kind: str, number: int) -> list[Job]:
    """Return bookings none of which is in another's way: every practitioner at times of their own."""
    before = itertools.takewhile(lambda other: other != kind, EACH)
    offset = number * sum(EACH.values()) + sum(EACH[other] for other in before)
    jobs = [
        _job(
            clinic,
            kind,
            patient=(place + turn) % PATIENTS,
            practitioner=place,
            at=clinic.times[offset + turn],
        )
        for place in range(PRACTITIONERS)
        for turn in range(EACH[kind])
    ]
    random.Random(number).shuffle(jobs)
    return jobs


def _bursts(dialect: str, clinic: Clinic) -> dict[str, object]:
    """Return what came of crowds that want the same times: winners, overlaps, deadlocks."""
    note(f"{dialect}: bursts with the guard {'kept' if clinic.guarded else 'dropped'}")
    dice, before = random.Random(2026), _deadlocks(clinic.database)
    codes: Counter[str] = Counter()
    slow: list[float] = []
    for number in range(BURSTS):
        found, _ = clinic.crowd.at_once(_crowd(clinic, dice, number))
        codes.update(one.code for one in found)
        slow += [one.seconds * 1000 for one in found]
    return {
        "database": dialect,
        "guard": "kept" if clinic.guarded else "dropped",
        "acts": sum(codes.values()),
        "done": codes["done"],
        "refused": sum(codes.values()) - codes["done"] - codes["deadlock"] - codes["locked"],
        "overlaps": overlaps(clinic.database),
        "deadlocks": _deadlocks(clinic.database) - before + codes["deadlock"],
        "locked_out": codes["locked"],
        "p95_ms": round(statistics.quantiles(slow, n=20)[-1], 1),
    }


def _crowd(clinic: Clinic, dice: random.Random, number: int) -> list[Job]:
    """Return what fifty people do at once to two times of three practitioners."""
    spare, wanted = clinic.times[-60 + number * 2], clinic.times[-20 + number : -18 + number]
    jobs = []
    for patient in range(CROWD):
        kind, practitioner = dice.choice(_KINDS), dice.randrange(3)
        job = _job(clinic, kind, patient=patient, practitioner=practitioner, at=dice.choice(wanted))
        if kind == "move":
            job = replace(job, visit=_visit(clinic, patient, spare))
        jobs.append(job if job.visit or kind != "move" else replace(job, kind="book"))
    return jobs


def _visit(clinic: Clinic, patient: int, at: datetime) -> AppointmentId | None:
    """Book a visit that will move; None where nobody has time."""
    for practitioner in range(3, PRACTITIONERS):
        job = _job(clinic, "book", patient=patient, practitioner=practitioner, at=at)
        if clinic.here.act(job).code == "done":
            with snapshot(clinic.database) as session:
                chosen = select(Appointment.id).where(
                    Appointment.patient_id == clinic.diary.patients[patient], Appointment.starts_at == at
                )
                return session.scalars(chosen).first()
    return None


def _job(clinic: Clinic, kind: str, *, patient: int, practitioner: int, at: datetime) -> Job:
    diary = clinic.diary
    by_desk = kind == "series"
    return Job(
        kind=kind,
        actor=diary.desk if by_desk else diary.patient_actors[patient],
        patient=diary.patients[patient],
        practitioner=diary.practitioners[practitioner],
        service=diary.service,
        site=diary.site,
        starts_at=at,
    )


def _deadlocks(database: Database) -> int:
    """Return how many deadlocks PostgreSQL has broken; SQLite, with one writer, has none."""
    if database.dialect != "postgresql":
        return 0
    time.sleep(1.1)  # the server's counters come late
    counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    with snapshot(database) as session:
        return int(session.execute(counted).scalar_one())


@contextmanager
def _pair(folder: Path, dialect: str) -> Iterator[tuple[Clinic, Clinic]]:
    """Yield the clinic twice: with the guard, and without."""
    folder.chmod(0o755)
    with ExitStack() as stack:
        server = None
        if dialect == "postgresql":
            server = PostgreSQL(folder / "postgresql", durable=True)
            stack.callback(server.stop)
        kept, dropped = (
            stack.enter_context(_clinic(folder / f"{dialect}-{name}", server, guarded=name == "kept"))
            for name in ("kept", "dropped")
        )
        yield kept, dropped


@contextmanager
def _clinic(folder: Path, server: PostgreSQL | None, *, guarded: bool) -> Iterator[Clinic]:
    settings = settings_from({"DATA_DIR": str(folder), "CLINIC_SECRET_KEY": "0" * 64})
    initialise(settings, FakeClock())
    vault = build_vault(settings, FakeClock())
    url = server.create(f"bench_{'kept' if guarded else 'dropped'}") if server else settings.database_url
    database = Database(url, info={SESSION_KEY: AuditKeys.of(vault)})
    migrations.upgrade(database.engine)
    diary = make_diary(database, vault, patients=PATIENTS, practitioners=PRACTITIONERS)
    if not guarded:
        drop_the_guard(database)
    with snapshot(database) as session:
        search = SlotSearch(diary.service, Wish(diary.practitioners[0]), limit=400)
        times = [slot.starts_at for slot in find_slots(session, search, now=START)]
    with ExitStack() as stack:
        people, writers = (
            stack.enter_context(crowd(settings, url, processes=PROCESSES, threads=THREADS, serving=serving))
            for serving in (None, bare_rows.serve)
        )
        yield Clinic(guarded, database, diary, times, people, writers, Bookers(database, vault))
    database.dispose()
    vault.close()
