"""Real worker processes: killed at any moment they lose nothing, and together they double nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clinic.clock import SystemClock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.notifications import services, tasks
from clinic.notifications.models import OutboxMessage, OutboxState
from clinic.notifications.rules.retries import LEASE
from clinic.notifications.services import to_patient
from tests.fakes.clock import FakeClock
from tests.servers.postman import KIND, MOMENTS, make_office
from tests.servers.sms_gateway import SMSGateway
from tests.servers.smtp import SMTPServer

ROOT = Path(__file__).resolve().parents[3]
MINUTE = timedelta(minutes=1)
# At which of these moments the letter has left and the queue does not know: the documented window.
IN_THE_WINDOW = {"handed_over", "settling"}


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where messages arrive."""

    smtp: SMTPServer
    sms: SMSGateway

    def arrived(self) -> Counter[str]:
        """Return how often each message has arrived, by the id that travels with it."""
        letters = self.smtp.mailbox.messages
        mail = (str(letter["Message-ID"]).strip("<>").partition("@")[0] for letter in letters)
        return Counter([*mail, *(one.key for one in self.sms.desk.handed)])


@pytest.fixture
def sinks() -> Iterator[Sinks]:
    """A mail server and a gateway on loopback."""
    smtp, sms = SMTPServer(), SMSGateway()
    yield Sinks(smtp, sms)
    smtp.stop()
    sms.stop()


def queue(database: Database, count: int) -> set[str]:
    """Queue `count` messages, half by mail and half by telephone; return their ids."""
    with transaction(database) as session:
        for number in range(count):
            services.enqueue(
                session,
                clock=SystemClock(),
                kind=KIND,
                recipient=to_patient(UUID(int=number)),
                ids={"thing": UUID(int=number)},
                due_at=datetime.now(UTC) - timedelta(seconds=1),
                dedupe=f"test:{number}",
            )
    with snapshot(database) as session:
        return {str(one) for one in session.scalars(select(OutboxMessage.id))}


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start a worker process."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.servers.postman", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def die(database_url: str, sinks: Sinks, moment: str, number: int) -> None:
    """Let one worker process be killed at `moment` of its message `number`."""
    child = start(database_url, str(sinks.smtp.port), sinks.sms.url, moment, str(number))
    _, errors = child.communicate(timeout=120)
    assert child.returncode == -signal.SIGKILL, errors[-2000:]


def work(database: Database, sinks: Sinks, *, later: timedelta) -> None:
    """Let another worker send what is due `later`."""
    office = make_office(str(sinks.smtp.port), sinks.sms.url)
    tasks.send_due(database, FakeClock(datetime.now(UTC) + later), office)


def left(database: Database) -> int:
    """Return how many messages are not marked as sent."""
    with snapshot(database) as session:
        unsent = OutboxMessage.state != OutboxState.SENT
        return session.scalar(select(func.count()).select_from(OutboxMessage).where(unsent)) or 0


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_a_worker_loses_nothing_and_doubles_no_more_than_one(
    database: Database, database_url: str, sinks: Sinks, moment: str
) -> None:
    ids = queue(database, 6)
    die(database_url, sinks, moment, 3)
    work(database, sinks, later=LEASE + MINUTE)
    arrived = sinks.arrived()
    assert set(arrived) == ids
    assert sorted(arrived.values()) == [1] * 5 + [2 if moment in IN_THE_WINDOW else 1]
    assert left(database) == 0


def test_what_a_dead_worker_held_waits_for_its_lease_and_nothing_else_does(
    database: Database, database_url: str, sinks: Sinks
) -> None:
    queue(database, 6)
    die(database_url, sinks, "claimed", 1)
    work(database, sinks, later=MINUTE)
    assert len(sinks.arrived()) == 5
    assert left(database) == 1


def test_eight_processes_take_two_thousand_messages_once_each(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = queue(database, 2_000)
    began = time.monotonic()
    workers = [start(database_url) for _ in range(8)]
    said = [child.communicate(timeout=170) for child in workers]
    seconds = time.monotonic() - began
    assert [child.returncode for child in workers] == [0] * 8, [errors[-500:] for _, errors in said]
    shares = [len(out.split()) for out, _ in said]
    taken = Counter(one for out, _ in said for one in out.split())
    assert set(taken) == ids
    assert set(taken.values()) == {1}
    with capsys.disabled():
        figures = f"2000 messages, 8 processes {shares}, {seconds:.1f} s, 0 doubles"
        sys.stdout.write(f"\n{database.dialect}: {figures}\n")
