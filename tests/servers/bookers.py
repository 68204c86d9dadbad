"""Crowds that book, hold, move and plan series at the same moment, spread over several processes.

Every process opens its own connections, as web processes do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

from sqlalchemy.exc import OperationalError

from clinic.access.actor import Actor
from clinic.audit import SESSION_KEY, AuditKeys
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import ClinicError
from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId, ServiceId, SiteId, new_id
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.zones import use_packaged_zones
from clinic.scheduling.services import booking, guarded, holds, moving
from clinic.scheduling.services.planning import Plan, Wanted
from clinic.scheduling.services.series import booking as series
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from clinic.vault import Vault, build_vault
from tests.fakes.clock import START, FakeClock
from tests.servers.forks import Fork

_SHORT_OF_TIME = "database is locked"


@dataclass(frozen=True, slots=True)
class Job:
    """One act: `kind` names it in `ACTS`; `visit` is what moves."""

    kind: str
    actor: Actor
    patient: PatientId
    practitioner: PractitionerId
    service: ServiceId
    site: SiteId
    starts_at: datetime
    visit: AppointmentId | None = None

    @property
    def wanted(self) -> Wanted:
        """Return the visit that is asked for."""
        return Wanted(self.service, self.practitioner, self.starts_at, Modality.VIDEO)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job, `done` or a code, and how long it took."""

    kind: str
    code: str
    seconds: float


class Bookers:
    """The acts of one process on one database."""

    def __init__(self, database: Database, vault: Vault) -> None:
        """Keep the connections."""
        self._database, self._vault, self._clock = database, vault, FakeClock()

    def act(self, job: Job) -> Outcome:
        """Do one act in a transaction of its own."""
        begun = time.perf_counter()
        try:
            ACTS[job.kind](self, job)
            code = "done"
        except ClinicError as error:
            code = error.code
        except guarded.Overlap as overlap:
            code = overlap.rule
        except OperationalError as error:
            code = "locked" if _SHORT_OF_TIME in str(error) else "deadlock"
        return Outcome(job.kind, code, time.perf_counter() - begun)

    def insert(self, job: Job) -> None:
        """Do the bare guarded insert, as the innermost service does."""
        with transaction(self._database) as session:
            guarded.take_turns(session, job.patient)
            guarded.lock_schedules(session, [job.practitioner])
            guarded.place(session, row_of(job))

    def book(self, job: Job) -> None:
        """Book as the API does."""
        with transaction(self._database) as session:
            booking.book(
                session,
                actor=job.actor,
                clock=self._clock,
                fields=self._vault.fields,
                appointment_id=AppointmentId(new_id()),
                booking=booking.Booking(job.wanted, job.patient),
            )

    def hold(self, job: Job) -> None:
        """Hold, each from an address of its own."""
        with transaction(self._database) as session:
            holds.hold(
                session,
                actor=job.actor,
                clock=self._clock,
                hold_id=new_id(),
                wanted=job.wanted,
                address=job.patient.bytes,
            )

    def move(self, job: Job) -> None:
        """Move a visit onto the time."""
        assert job.visit is not None
        with transaction(self._database) as session:
            moving.reschedule(
                session,
                actor=job.actor,
                clock=self._clock,
                fields=self._vault.fields,
                appointment_id=job.visit,
                move=moving.Move(job.starts_at, job.practitioner),
            )

    def series(self, job: Job) -> None:
        """Book four weeks from the time on."""
        rounds = Rounds(job.practitioner, job.service, Modality.VIDEO, job.patient)
        wish = SeriesWish(rounds, Rhythm.WEEKLY, job.starts_at, 4, None)
        with transaction(self._database) as session:
            series.book(
                session,
                actor=job.actor,
                clock=self._clock,
                fields=self._vault.fields,
                series_id=SeriesId(new_id()),
                wish=wish,
            )


# Whoever adds an act that places visits adds it here, so that it takes part in the bursts.
ACTS: Mapping[str, Callable[[Bookers, Job], None]] = {
    "insert": Bookers.insert,
    "book": Bookers.book,
    "hold": Bookers.hold,
    "move": Bookers.move,
    "series": Bookers.series,
}


# What a process of a crowd does with what comes down its line (see `serve`).
Serving = Callable[[Connection, Settings, str, int], None]


@dataclass(frozen=True, slots=True)
class Crowd:
    """The lines to processes that wait for jobs."""

    lines: Sequence[Connection]

    def at_once(self, jobs: Sequence[Job]) -> tuple[list[Outcome], float]:
        """Let all processes begin their share at the same moment; return what came of it, and the seconds."""
        moment = time.time() + 0.05
        for number, line in enumerate(self.lines):
            line.send((moment, jobs[number :: len(self.lines)]))
        found = [outcome for line in self.lines for outcome in line.recv()]
        return found, time.time() - moment


@contextmanager
def crowd(
    settings: Settings, url: str, *, processes: int, threads: int, serving: Serving | None = None
) -> Iterator[Crowd]:
    """Yield so many processes of so many threads each, on the database at `url`."""
    running = [Fork(serving or serve, settings, url, threads) for _ in range(processes)]
    for one in running:
        one.line.recv()
    try:
        yield Crowd([one.line for one in running])
    finally:
        for one in running:
            one.line.send(None)
        for one in running:
            one.end(10)


def serve(line: Connection, settings: Settings, url: str, threads: int) -> None:
    """Do what comes down the `line` until None comes: at a moment, a list of jobs, by so many threads."""
    use_packaged_zones()
    vault = build_vault(settings, FakeClock())
    database = Database(url, info={SESSION_KEY: AuditKeys.of(vault)}, pool_size=threads)
    bookers = Bookers(database, vault)
    obey(line, threads, bookers.act)
    database.dispose()
    vault.close()


def obey(line: Connection, threads: int, act: Callable[[Job], Outcome]) -> None:
    """Do by `act` what comes down the `line`, by so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        line.send("ready")
        while (told := line.recv()) is not None:
            moment, jobs = told
            time.sleep(max(0.0, moment - time.time()))
            line.send(list(pool.map(act, jobs)))


def row_of(job: Job) -> Mapping[str, object]:
    """Return a visit of 50 minutes and a break of 10, as a row."""
    busy = Interval(job.starts_at, job.starts_at + timedelta(hours=1))
    ends_at, wall = job.starts_at + timedelta(minutes=50), "2026-11-22T09:00"
    plan = Plan(job.wanted, ends_at, busy, wall, "Asia/Jerusalem", job.site)
    made = {"version": 1, "created_by": job.actor.account_id, "created_at": START, "status": Status.BOOKED}
    return {**plan.columns(), **made, "id": new_id(), "patient_id": job.patient}
