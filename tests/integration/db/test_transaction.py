"""The one commit place: whole or not at all, subscribers around it, refusals on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from clinic.access.actor import SYSTEM
from clinic.bus import EventBus, publish
from clinic.db.engine import Database
from clinic.db.transaction import audited_read, snapshot, transaction
from clinic.errors import Denied, Refused
from clinic.web.idempotency import IdempotencyKey
from tests.fakes.clock import START


@dataclass(frozen=True, slots=True)
class Happened:
    """An event for the tests."""

    name: str


def row(created_at: datetime = START) -> IdempotencyKey:
    return IdempotencyKey(
        account_id=SYSTEM.account_id,
        key=str(uuid4()),
        route="r",
        payload_mac=b"m",
        result_id=uuid4(),
        created_at=created_at,
    )


def count(database: Database) -> int:
    with snapshot(database) as session:
        return session.scalar(select(func.count()).select_from(IdempotencyKey)) or 0


def test_commits_what_was_done(database: Database) -> None:
    with transaction(database) as session:
        session.add(row())
    assert count(database) == 1


def test_leaves_nothing_when_the_act_fails(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), transaction(database) as session:
        session.add(row())
        session.flush()
        raise ZeroDivisionError
    assert count(database) == 0


def test_a_before_commit_subscriber_writes_in_the_same_transaction(database: Database, bus: EventBus) -> None:
    bus.before_commit(Happened, lambda session, _event: session.add(row()))
    with transaction(database) as session:
        publish(session, Happened("x"))
    assert count(database) == 1


def test_a_failing_before_commit_subscriber_undoes_the_act(database: Database, bus: EventBus) -> None:
    def fail(_session: object, _event: Happened) -> None:
        raise ZeroDivisionError

    bus.before_commit(Happened, fail)
    with pytest.raises(ZeroDivisionError), transaction(database) as session:
        session.add(row())
        publish(session, Happened("x"))
    assert count(database) == 0


def test_after_commit_subscribers_hear_only_of_what_is_durable(database: Database, bus: EventBus) -> None:
    heard: list[int] = []
    bus.after_commit(Happened, lambda _event: heard.append(count(database)))
    with transaction(database) as session:
        session.add(row())
        publish(session, Happened("x"))
        assert heard == []
    assert heard == [1]


def test_a_failing_after_commit_subscriber_undoes_nothing(database: Database, bus: EventBus) -> None:
    heard: list[str] = []

    def fail(_event: Happened) -> None:
        raise ZeroDivisionError

    bus.after_commit(Happened, fail)
    bus.after_commit(Happened, lambda event: heard.append(event.name))
    with transaction(database) as session:
        session.add(row())
        publish(session, Happened("x"))
    assert count(database) == 1
    assert heard == ["x"]


def test_a_refusal_rolls_the_act_back_and_keeps_its_entry(database: Database) -> None:
    with pytest.raises(Denied, match="consent_denied"), transaction(database) as session:
        session.add_all([row(), row()])
        session.flush()
        raise Refused(Denied("consent_denied"), row())
    assert count(database) == 1


def test_a_refusal_that_cannot_be_written_becomes_unavailable(database: Database) -> None:
    entry = row()
    with transaction(database) as session:
        session.add(entry)
    again = row()
    again.account_id, again.key = entry.account_id, entry.key
    with pytest.raises(Exception, match="audit_unavailable"), transaction(database):
        raise Refused(Denied("consent_denied"), again)


def test_a_read_that_writes_anything_but_audit_is_stopped(database: Database) -> None:
    with pytest.raises(RuntimeError, match="IdempotencyKey"), audited_read(database) as session:
        session.add(row())
    assert count(database) == 0


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive"), transaction(database) as session:
        session.add(row(created_at=START.replace(tzinfo=None)))


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    with transaction(database) as session:
        session.add(row())
    with snapshot(database) as session:
        assert session.scalars(select(IdempotencyKey.created_at)).one() == START


def test_a_snapshot_sees_one_state_to_its_end(database: Database) -> None:
    rows = select(func.count()).select_from(IdempotencyKey)
    with snapshot(database) as session:
        before = session.scalar(rows)
        with transaction(database) as other:
            other.add(row())
        assert session.scalar(rows) == before == 0
    assert count(database) == 1
