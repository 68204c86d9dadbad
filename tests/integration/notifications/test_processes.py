"""Real worker processes: killed at any moment they lose nothing, and together they double nothing."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
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
from tests.servers.forks import Fork
from tests.servers.postman import KIND, MOMENTS, Fate, make_office, send_until, take_all
from tests.servers.sms_gateway import SMSGateway
from tests.servers.smtp import SMTPServer

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


def die(database_url: str, sinks: Sinks, moment: str, number: int) -> None:
    """Let one worker process be killed at `moment` of its message `number`."""
    child = Fork(send_until, database_url, str(sinks.smtp.port), sinks.sms.url, Fate(moment, number))
    assert child.end() == -signal.SIGKILL


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
    workers = [Fork(take_all, database_url) for _ in range(8)]
    said = [[*chain.from_iterable(child.said())] for child in workers]
    seconds = time.monotonic() - began
    assert [child.end() for child in workers] == [0] * 8
    shares = [len(ids_said) for ids_said in said]
    taken = Counter(chain.from_iterable(said))
    assert set(taken) == ids
    assert set(taken.values()) == {1}
    with capsys.disabled():
        figures = f"2000 messages, 8 processes {shares}, {seconds:.1f} s, 0 doubles"
        sys.stdout.write(f"\n{database.dialect}: {figures}\n")
