"""What a search remembers of the set-up is never out of date, whoever changes it and however."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Table, delete, event, update
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ClauseElement, TableClause

from clinic.db.transaction import is_snapshot, snapshot, transaction
from clinic.identity.models import Account, AccountRole, AccountStatus, Practitioner
from clinic.ids import new_id
from clinic.scheduling.models import (
    AvailabilityRule,
    AvailabilitySet,
    Holiday,
    Location,
    PractitionerService,
    Schedule,
    ScheduleException,
    Service,
    Site,
)
from clinic.scheduling.models.set_up_stamp import WATCHED
from clinic.scheduling.queries import memory
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.rules.availability import SetKind
from clinic.scheduling.rules.exceptions import ExceptionKind
from tests.fakes.clock import START
from tests.integration.scheduling.conftest import Clinic

_TODAY = date(2026, 11, 22)
_AFTER_THEM = {"appointment", "external_busy", "set_up_stamp"}  # read by every search


def search(clinic: Clinic, session: Session, limit: int = 400) -> list[FoundSlot]:
    return find_slots(session, SlotSearch(clinic.diary.service, limit=limit), now=clinic.clock.now())


def assert_the_search_is_up_to_date(clinic: Clinic) -> None:
    with snapshot(clinic.database) as session:
        remembered = search(clinic, session)
    with transaction(clinic.database) as session:
        assert not is_snapshot(session)
        assert remembered == search(clinic, session)


def changes(clinic: Clinic) -> list[Callable[[Session], object]]:
    """Return changes of every table that is watched, most by statement and past every service."""
    who, site = clinic.diary.practitioners[0], clinic.diary.site
    account = clinic.diary.therapist_actors[1].account_id
    sets, exception, rule = new_id(), new_id(), AvailabilityRule.practitioner_id == who
    wall = {"wall_start": "2026-11-24T09:00", "wall_end": "2026-11-24T13:00"}
    made = {"created_by": account, "created_at": START}
    away = {"practitioner_id": who, "tz": "Asia/Hebron", "modalities": [], "kind": ExceptionKind.CLOSED}
    return [
        lambda session: session.execute(update(AvailabilityRule).where(rule).values(ends=time(12))),
        lambda session: session.execute(update(Service).values(minutes=30, grid_minutes=30)),
        lambda session: session.add(ScheduleException(id=exception, **wall, **away, **made)),
        lambda session: session.execute(delete(ScheduleException)),
        lambda session: session.add(
            Holiday(id=new_id(), site_id=site, names={}, closes=True, version=1, **wall)
        ),
        lambda session: session.execute(update(Holiday).values(closes=False)),
        lambda session: session.add(
            AvailabilitySet(
                id=sets, practitioner_id=who, kind=SetKind.TRAVEL, first_day=_TODAY, last_day=_TODAY
            )
        ),
        lambda session: session.execute(update(AvailabilitySet).values(last_day=_TODAY + timedelta(days=9))),
        lambda session: session.execute(update(Site).values(tz="Africa/Casablanca")),
        lambda session: session.execute(update(Practitioner).values(name="Nour")),
        lambda session: session.execute(update(Schedule).values(version=7)),
        lambda session: session.add(Location(id=new_id(), site_id=site, name="1", active=True)),
        lambda session: session.execute(update(Location).values(active=False)),
        lambda session: session.execute(
            update(Account).where(Account.id == account).values(status=AccountStatus.DISABLED)
        ),
        lambda session: session.execute(delete(PractitionerService)),
        lambda session: session.execute(delete(AccountRole)),
    ]


def test_no_search_misses_a_change(clinic: Clinic) -> None:
    seen = set()
    for change in changes(clinic):
        assert_the_search_is_up_to_date(clinic)
        with transaction(clinic.database) as session:
            change(session)
        with snapshot(clinic.database) as session:
            seen.add(memory.Memory(session).stamp)
        assert_the_search_is_up_to_date(clinic)
    assert len(seen) == len(changes(clinic))


def test_a_change_that_is_taken_back_leaves_nothing(clinic: Clinic) -> None:
    with suppress(ZeroDivisionError), transaction(clinic.database) as session:
        session.execute(delete(PractitionerService))
        assert search(clinic, session) == []
        raise ZeroDivisionError
    assert_the_search_is_up_to_date(clinic)
    assert len(clinic.slots()) == 5


def test_the_same_search_reads_nothing_but_the_stamp_and_what_is_taken(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_KEPT", memory.Kept(8))
    assert _tables_read(clinic) - _AFTER_THEM == set(WATCHED)
    assert _tables_read(clinic) == _AFTER_THEM


def test_a_search_reads_at_once_as_far_as_the_last_one_had_to(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_KEPT", memory.Kept(8))
    first, again = _reads(clinic, 60), _reads(clinic, 60)
    assert [sum("appointment" in tables for tables in reads) for reads in (first, again)] == [3, 1]


def _tables_read(clinic: Clinic) -> set[str]:
    return set().union(*_reads(clinic, 400))


def _reads(clinic: Clinic, limit: int) -> list[set[str]]:
    """Return the tables of each statement of a search."""
    found: list[set[str]] = []

    def note(state: ORMExecuteState) -> None:
        assert isinstance(state.statement, ClauseElement)
        parts = visitors.iterate(state.statement)
        found.append({part.name for part in parts if isinstance(part, Table | TableClause)})

    with snapshot(clinic.database) as session:
        event.listen(session, "do_orm_execute", note)
        search(clinic, session, limit)
    return found
