"""Slot search in a full clinic: 200 practitioners, 28 days, 30,000 appointments; and its growth to 2,000.

The npm package slot-calculator answers the same question on the same data in the same run, in turns with
us so that whatever else the machine does weighs on both alike (see `full_clinic` and `peer/`); its answer
must be the same. Search over HTTP goes through the real server.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.full_clinic import FullClinic, fill, for_the_peer, plan, row
from bench.report import note, publish, timed
from clinic.audit import SESSION_KEY, AuditKeys
from clinic.config import settings_from
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.scheduling.queries.practitioners import ANYBODY, Wish
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.zones import use_packaged_zones
from clinic.scheduling.services import guarded
from clinic.vault import Vault, build_vault
from tests.fakes.clock import FakeClock
from tests.servers.clinic import ClinicServer
from tests.servers.postgresql import PostgreSQL

ROOT = Path(__file__).resolve().parents[1]
FIRST, TIMES, TURNS = 20, 200, 4
BAR = 200  # times faster than the peer
_ARABIC = Wish(language="ar")


def main() -> None:
    """Measure and report."""
    use_packaged_zones()
    now = datetime.now(UTC)
    rows, turns = [], []
    for practitioners in (200, 2_000):
        for clinic, server in _clinics(practitioners, now):
            note(f"{clinic.database.dialect}, {practitioners} practitioners")
            rows.append(_measure(clinic, server))
            if practitioners == 200:
                turns.append(_beside_the_peer(clinic))
    publish("slots", f"The first {FIRST} free times for one language", rows)
    publish("peer", f"The same beside slot-calculator, in {TURNS} turns (bar: {BAR} times faster)", turns)


def _measure(clinic: FullClinic, server: ClinicServer) -> dict[str, object]:
    return {
        "database": clinic.database.dialect,
        "practitioners": len(clinic.people),
        "appointments": clinic.appointments,
        **timed(lambda: _search(clinic, _ARABIC), TIMES),
        "fair_p50_ms": timed(lambda: _search(clinic, _ARABIC, fair=True), TIMES)["p50_ms"],
        "anybody_p50_ms": timed(lambda: _search(clinic, ANYBODY), TIMES)["p50_ms"],
        "http_p95_ms": _over_http(clinic, server),
        "inserts_per_s": _inserts(clinic),
    }


def _beside_the_peer(clinic: FullClinic) -> dict[str, object]:
    """Return how many times faster we are: by the clock, and by what each process worked."""
    ours, theirs = [], []
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(for_the_peer(clinic, FIRST), file)
        file.flush()
        for _ in range(TURNS):
            theirs.append(_peer(file.name, _search(clinic, _ARABIC)))
            ours.append(timed(lambda: _search(clinic, _ARABIC), TIMES // TURNS))
    clock, work = (statistics.median(one[name] for one in ours) for name in ("p50_ms", "cpu_ms"))
    peer_clock, peer_work = (statistics.median(one[name] for one in theirs) for name in ("ms", "cpu_ms"))
    return {
        "database": clinic.database.dialect,
        "p50_ms": round(clock, 2),
        "cpu_ms": round(work, 2),
        "peer_ms": round(peer_clock),
        "peer_cpu_ms": round(peer_work),
        "times_faster": round(peer_clock / clock),
        "by_cpu": round(peer_work / work),
    }


def _search(clinic: FullClinic, wish: Wish, *, fair: bool = False) -> list[FoundSlot]:
    with snapshot(clinic.database) as session:
        search = SlotSearch(clinic.service, wish, limit=FIRST, fair=fair)
        found = find_slots(session, search, now=clinic.now)
    assert len(found) == FIRST
    return found


def _peer(file: str, ours: list[FoundSlot]) -> dict[str, float]:
    """Return the peer's best of two searches, warm; raises AssertionError unless it finds what we found."""
    script = ROOT / "bench" / "peer" / "search.mjs"
    command = ["sh", str(ROOT / "tools" / "node.sh"), sys.prefix, str(script), file, "2"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    answer = json.loads(done.stdout)
    theirs = [(datetime.fromisoformat(at), who) for at, who in answer["slots"]]
    assert theirs == [(slot.starts_at, str(slot.practitioner)) for slot in ours]
    return {"ms": min(answer["spans"]), "cpu_ms": min(answer["worked"])}


def _over_http(clinic: FullClinic, server: ClinicServer) -> float:
    address = f"{server.base_url}/api/v1/slots?service={clinic.service}&language=ar&limit={FIRST}"

    def get() -> None:
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert len(json.load(answer)["items"]) == FIRST

    get()
    return timed(get, TIMES)["p95_ms"]


def _inserts(clinic: FullClinic) -> int:
    """Return how many hours a second one process takes in the past, each in its own transaction."""
    past = clinic.now.replace(minute=0, second=0, microsecond=0, year=clinic.now.year - 1)
    rows = iter([row(clinic.service, person, past) for person in clinic.people[:200]])

    def book() -> None:
        values = next(rows)
        with transaction(clinic.database) as session:
            guarded.lock_schedules(session, [values["practitioner_id"]])  # type: ignore[list-item]
            guarded.place(session, values)

    return round(1000 / timed(book, 200)["p50_ms"])


@dataclass(frozen=True, slots=True)
class _Made:
    """An empty clinic: its server, and the same store and keys in this process."""

    server: ClinicServer
    database: Database
    vault: Vault


@contextmanager
def _served(folder: Path, database_url: str) -> Iterator[_Made]:
    folder.mkdir(mode=0o755)
    extra = {"DATABASE_URL": database_url} if database_url else {}
    server = ClinicServer(folder, extra=extra)
    server.run("init")
    settings = settings_from({"DATA_DIR": str(folder / "var"), **extra})
    vault = build_vault(settings, FakeClock())
    database = Database(settings.database_url, info={SESSION_KEY: AuditKeys.of(vault)})
    server.start("web")
    try:
        yield _Made(server, database, vault)
    finally:
        server.stop()
        database.dispose()


def _clinics(practitioners: int, now: datetime) -> Iterator[tuple[FullClinic, ClinicServer]]:
    """Yield the same clinic on each database, served."""
    plans = plan(practitioners, now.date())
    with tempfile.TemporaryDirectory(prefix="sakina-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = PostgreSQL(folder / "postgresql", durable=True)
        try:
            cluster.execute("CREATE DATABASE bench")
            for url in ("", cluster.url("bench")):
                with _served(folder / ("server" if url else "embedded"), url) as made:
                    clinic = fill(made.database, made.vault, plans, now)
                    yield clinic, made.server
        finally:
            cluster.stop()
