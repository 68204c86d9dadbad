"""Keys of retries are kept for a day and no longer, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import new_id
from clinic.web.idempotency import KEPT, IdempotencyKey, sweep
from tests.fakes.clock import FakeClock


def test_keys_are_forgotten_after_a_day(database: Database, clock: FakeClock) -> None:
    _keep(database, clock, "old")
    clock.advance(timedelta(minutes=1))
    _keep(database, clock, "young")
    clock.advance(KEPT - timedelta(minutes=1))
    assert sweep(database, clock) == 1
    with snapshot(database) as session:
        assert session.scalars(select(IdempotencyKey.key)).all() == ["young"]


def _keep(database: Database, clock: FakeClock, key: str) -> None:
    with transaction(database) as session:
        session.add(
            IdempotencyKey(
                account_id=new_id(),
                key=key,
                route="appointments",
                payload_mac=bytes(32),
                result_id=new_id(),
                created_at=clock.now(),
            )
        )
