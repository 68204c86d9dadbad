"""The queue on both databases: nothing lost, nothing sent early, one failure stops nobody."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import new_id
from clinic.notifications import services, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.models import OutboxMessage, OutboxState
from clinic.notifications.ports import Contact, Letter, Message, NotSent, Recipient
from clinic.notifications.post import Office
from clinic.notifications.rules.ways import Weight
from clinic.notifications.services import to_account, to_patient
from tests.fakes.clock import FakeClock

MINUTE = timedelta(minutes=1)


class Directory:
    """Reaches everybody at an address made of their id, except those it is told of."""

    def __init__(self) -> None:
        """Start with everybody reachable and willing."""
        self.unreachable: set[UUID] = set()
        self.unwilling: set[UUID] = set()
        self.phone: str | None = None

    def contact(self, session: Session, recipient: Recipient) -> Contact | None:
        """Return the address."""
        if recipient.id in self.unreachable:
            return None
        address = f"{recipient.kind}-{recipient.id}@clinic.example"
        return Contact(address, "fr", recipient.id not in self.unwilling, phone=self.phone)

    def is_represented(self, session: Session, recipient: Recipient, at: datetime) -> bool:
        """Know of no guardians."""
        return False


class Moody(MemoryChannel):
    """A channel that refuses some addresses."""

    def __init__(self) -> None:
        """Start willing."""
        super().__init__()
        self.refused: set[str] = set()

    def send(self, address: str, letter: Letter) -> None:
        """Keep the letter or refuse it."""
        if address in self.refused:
            raise NotSent("refused")
        super().send(address, letter)


def tell_time(_session: Session, ids: Mapping[str, UUID], language: str) -> Message | None:
    """Render a message that names its ids."""
    return Message((f"{language} {ids['visit']}",))


@pytest.fixture
def channel() -> Moody:
    """A channel that refuses those it is told to."""
    return Moody()


@pytest.fixture
def directory() -> Directory:
    """Where everybody is reached."""
    return Directory()


@pytest.fixture
def office(channel: Moody, directory: Directory) -> Office:
    """A post office with four kinds of message."""
    office = Office(channel=channel, clinic_name="Sakina", directory=directory)
    office.kinds.add("visit.moved", tell_time)
    office.kinds.add("password.reset", tell_time, essential=True)
    office.kinds.add("duty.called", tell_time, duty=True)
    office.kinds.add("visit.gone", lambda _session, _ids, _language: None)
    return office


def queue(
    database: Database, clock: Clock, kind: str = "visit.moved", recipient: Recipient | None = None
) -> Recipient:
    """Queue a message in a transaction of its own."""
    recipient = recipient or to_patient(new_id())
    with transaction(database) as session:
        services.enqueue(session, clock=clock, kind=kind, recipient=recipient, ids={"visit": new_id()})
    return recipient


def states(database: Database) -> list[tuple[OutboxState, int]]:
    """Return how far the messages have come, oldest first."""
    with snapshot(database) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id))
        return [(row.state, row.attempts) for row in rows]


def test_what_is_queued_is_sent_once(
    database: Database, clock: FakeClock, office: Office, channel: Moody
) -> None:
    samar = queue(database, clock)
    assert tasks.send_due(database, clock, office) == 1
    assert tasks.send_due(database, clock, office) == 0
    ((address, letter),) = channel.sent
    assert address == f"patient-{samar.id}@clinic.example"
    assert letter.text.startswith("Bonjour,\n\nfr ")
    assert states(database) == [(OutboxState.SENT, 1)]


def test_an_act_that_fails_queues_nothing(database: Database, clock: FakeClock) -> None:
    with pytest.raises(ZeroDivisionError), transaction(database) as session:
        services.enqueue(
            session, clock=clock, kind="visit.moved", recipient=to_account(new_id()), ids={"visit": new_id()}
        )
        raise ZeroDivisionError
    assert states(database) == []


def test_one_failure_stops_nobody_else(
    database: Database, clock: FakeClock, office: Office, channel: Moody, directory: Directory
) -> None:
    refused = [queue(database, clock) for _ in range(3)]
    fine = [queue(database, clock) for _ in range(3)]
    channel.refused = {f"patient-{one.id}@clinic.example" for one in refused}
    queue(database, clock, kind="nobody.knows")
    tasks.send_due(database, clock, office)
    assert {address for address, _ in channel.sent} == {f"patient-{one.id}@clinic.example" for one in fine}


def test_a_refused_letter_comes_again_and_is_given_up_after_two_hours(
    database: Database, clock: FakeClock, office: Office, channel: Moody
) -> None:
    channel.refused = {f"patient-{queue(database, clock).id}@clinic.example"}
    for minutes in (1, 5, 30, 120):
        tasks.send_due(database, clock, office)
        clock.advance(minutes * MINUTE - timedelta(seconds=1))
        assert tasks.send_due(database, clock, office) == 0
        clock.advance(timedelta(seconds=1))
    assert tasks.send_due(database, clock, office) == 1
    assert states(database) == [(OutboxState.FAILED, 5)]
    clock.advance(timedelta(days=1))
    assert tasks.send_due(database, clock, office) == 0


def test_what_a_dead_worker_had_taken_is_sent_by_the_next(
    database: Database, clock: FakeClock, office: Office, channel: Moody
) -> None:
    queue(database, clock)
    with transaction(database) as session:
        assert len(services.take(session, clock=clock, limit=10)) == 1
    assert tasks.send_due(database, clock, office) == 0
    clock.advance(5 * MINUTE)
    assert tasks.send_due(database, clock, office) == 1
    assert len(channel.sent) == 1


def test_a_message_that_kills_its_workers_is_given_up_and_the_next_one_sent(
    database: Database, clock: FakeClock, office: Office, channel: Moody
) -> None:
    queue(database, clock)
    for _ in range(5):
        with transaction(database) as session:
            assert len(services.take(session, clock=clock)) == 1
        clock.advance(5 * MINUTE)
    queue(database, clock)
    assert tasks.send_due(database, clock, office) == 2
    assert len(channel.sent) == 1
    assert states(database) == [(OutboxState.FAILED, 6), (OutboxState.SENT, 1)]


def test_who_is_called_on_is_reached_by_mail_at_once_while_the_gateway_is_down(
    database: Database, clock: FakeClock, office: Office, channel: Moody, directory: Directory
) -> None:
    office.texts, directory.phone = Moody(), "+970591234567"
    office.texts.refused = {directory.phone}
    on_call, other = queue(database, clock, "duty.called"), queue(database, clock)
    assert tasks.send_due(database, clock, office, kinds=office.kinds.of(Weight.DUTY)) == 1
    assert [address for address, _ in channel.sent] == [f"patient-{on_call.id}@clinic.example"]
    channel.refused = {f"patient-{one.id}@clinic.example" for one in (on_call, other)}
    queue(database, clock, "duty.called", on_call)
    assert tasks.send_due(database, clock, office) == 2
    office.texts.refused = set()
    clock.advance(MINUTE)
    assert tasks.send_due(database, clock, office) == 2, "both are tried again"
    assert [number for number, _ in office.texts.sent] == [directory.phone]


def test_a_worker_that_was_given_up_on_settles_nothing(database: Database, clock: FakeClock) -> None:
    queue(database, clock)
    with transaction(database) as session:
        (slow,) = services.take(session, clock=clock, limit=10)
    clock.advance(5 * MINUTE)
    with transaction(database) as session:
        services.take(session, clock=clock, limit=10)
    with transaction(database) as session:
        services.settle(session, clock=clock, taken=slow, state=OutboxState.SENT)
    assert states(database) == [(OutboxState.WAITING, 2)]


def test_many_workers_send_each_letter_once(
    database: Database, clock: FakeClock, office: Office, channel: Moody
) -> None:
    for _ in range(30):
        queue(database, clock)
    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(lambda _: tasks.send_due(database, clock, office), range(8)))
    assert taken == 30
    assert len({address for address, _ in channel.sent}) == len(channel.sent) == 30


def test_what_is_for_later_waits(
    database: Database, clock: FakeClock, office: Office, channel: Moody
) -> None:
    with transaction(database) as session:
        services.enqueue(
            session,
            clock=clock,
            kind="visit.moved",
            recipient=to_account(new_id()),
            ids={"visit": new_id()},
            due_at=clock.now() + 60 * MINUTE,
        )
    assert tasks.send_due(database, clock, office) == 0
    clock.advance(60 * MINUTE)
    assert tasks.send_due(database, clock, office) == 1


@pytest.mark.parametrize(("kind", "sent"), [("visit.moved", 0), ("password.reset", 1), ("visit.gone", 0)])
def test_who_declined_mail_gets_what_is_essential_only(
    database: Database,
    clock: FakeClock,
    office: Office,
    channel: Moody,
    directory: Directory,
    kind: str,
    sent: int,
) -> None:
    directory.unwilling = {queue(database, clock, kind).id}
    tasks.send_due(database, clock, office)
    assert len(channel.sent) == sent
    assert states(database)[0][0] is (OutboxState.SENT if sent else OutboxState.DROPPED)


def test_who_cannot_be_reached_is_not_tried_for_ever(
    database: Database, clock: FakeClock, office: Office, directory: Directory
) -> None:
    directory.unreachable = {queue(database, clock).id}
    tasks.send_due(database, clock, office)
    assert states(database) == [(OutboxState.DROPPED, 1)]


def test_what_was_settled_a_month_ago_is_forgotten(
    database: Database, clock: FakeClock, office: Office
) -> None:
    queue(database, clock)
    tasks.send_due(database, clock, office)
    clock.advance(timedelta(days=29))
    queue(database, clock)
    tasks.sweep(database, clock)
    assert len(states(database)) == 2
    clock.advance(timedelta(days=2))
    tasks.sweep(database, clock)
    assert states(database) == [(OutboxState.WAITING, 0)]


def test_a_kind_is_rendered_in_one_way(office: Office) -> None:
    with pytest.raises(ValueError, match=r"visit\.moved"):
        office.kinds.add("visit.moved", tell_time)
