"""An entry is written with the act or the act does not happen; afterwards nothing changes it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from clinic.access.actor import SYSTEM
from clinic.access.clearance import Purpose
from clinic.audit import AuditKeys, entry, record
from clinic.audit.models import AuditEntry, Outcome
from clinic.audit.queries import access_log, entries
from clinic.bus import EventBus
from clinic.db.base import Base
from clinic.db.engine import Database
from clinic.db.transaction import audited_read, transaction
from clinic.errors import Denied, NotFound, Refused
from clinic.ids import new_id
from tests.fakes.clock import FakeClock
from tests.integration.audit.trail import ACTOR, act, chain

PATIENT = UUID(int=99)


def test_records_who_did_what_to_whom_and_why(database: Database, clock: FakeClock) -> None:
    note, decision = new_id(), new_id()
    with transaction(database) as session:
        record(
            session,
            actor=ACTOR,
            clock=clock,
            action="note.read",
            patient_id=PATIENT,
            object_type="note",
            object_id=note,
            purpose=Purpose.TREATMENT,
            reason="relationship.confirmed",
            decision_id=decision,
        )
    with transaction(database) as session:
        (row,) = access_log(session, patient_id=PATIENT, limit=10)
    assert (row.at, row.actor_id, row.actor_role) == (
        clock.now(),
        ACTOR.account_id,
        "practitioner,supervisor",
    )
    assert (row.action, row.object_type, row.object_id) == ("note.read", "note", note)
    assert (row.outcome, row.purpose, row.reason) == (Outcome.ALLOWED, "TREAT", "relationship.confirmed")
    assert row.decision_id == decision


def test_names_the_patient_by_a_pseudonym_only(database: Database, clock: FakeClock) -> None:
    act(database, clock, patient_id=PATIENT)
    with transaction(database) as session:
        (row,) = session.scalars(select(AuditEntry))
    values = [getattr(row, column.key) for column in AuditEntry.__table__.columns]
    assert PATIENT not in values
    assert all(PATIENT.bytes not in value for value in values if isinstance(value, bytes))


def test_aborts_an_act_without_an_actor(database: Database, clock: FakeClock) -> None:
    with pytest.raises(ValueError, match="without an actor"), transaction(database) as session:
        record(session, actor=None, clock=clock, action="note.read")


def test_aborts_an_act_on_a_database_without_audit_keys(database_url: str, clock: FakeClock) -> None:
    bare = Database(database_url)
    with pytest.raises(RuntimeError, match="audit_keys"), transaction(bare) as session:
        record(session, actor=ACTOR, clock=clock, action="note.read")
    bare.dispose()


@pytest.mark.parametrize("text_in_place_of_a_code", ["slept badly again", " ", "x" * 201, "نص"])
def test_takes_codes_and_never_text(
    database: Database, clock: FakeClock, text_in_place_of_a_code: str
) -> None:
    with pytest.raises(ValueError, match="never free text"), transaction(database) as session:
        record(session, actor=SYSTEM, clock=clock, action="x", reason=text_in_place_of_a_code)


def test_keeps_the_entry_of_a_refusal_though_the_act_is_rolled_back(
    database: Database, clock: FakeClock
) -> None:
    with pytest.raises(Denied), transaction(database) as session:
        record(session, actor=ACTOR, clock=clock, action="note.create", patient_id=PATIENT)
        refusal = entry(
            session, actor=ACTOR, clock=clock, action="note.read", outcome="refused", patient_id=PATIENT
        )
        raise Refused(Denied("consent_denied"), refusal)
    with transaction(database) as session:
        (row,) = access_log(session, patient_id=PATIENT, limit=10)
    assert (row.action, row.outcome, row.actor_id) == ("note.read", Outcome.REFUSED, ACTOR.account_id)


def test_leaves_nothing_of_an_act_that_failed(database: Database, clock: FakeClock) -> None:
    with pytest.raises(NotFound), transaction(database) as session:
        record(session, actor=ACTOR, clock=clock, action="note.read", patient_id=PATIENT)
        raise NotFound
    with transaction(database) as session:
        assert not access_log(session, patient_id=PATIENT, limit=10)


def test_a_read_commits_its_entry(database: Database, clock: FakeClock) -> None:
    with audited_read(database) as session:
        record(session, actor=ACTOR, clock=clock, action="note.read", patient_id=PATIENT)
    with transaction(database) as session:
        assert len(access_log(session, patient_id=PATIENT, limit=10)) == 1


@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_the_trail(
    database: Database, clock: FakeClock, table: str, statement: str
) -> None:
    act(database, clock)
    chain(database)
    column = "action" if table == "audit_entry" else "hash"
    with pytest.raises(DBAPIError, match="append-only"), transaction(database) as session:
        session.execute(text(statement.format(table, column)))


def test_metadata_alone_makes_the_tables_append_only_too(tmp_path: Path, clock: FakeClock) -> None:
    fresh = Database(
        f"sqlite:///{tmp_path}/fresh.db", bus=EventBus(), info={"audit_keys": AuditKeys(b"a", b"b")}
    )
    with fresh.engine.begin() as connection:
        Base.metadata.create_all(connection)
    act(fresh, clock)
    with pytest.raises(DBAPIError, match="append-only"), transaction(fresh) as session:
        session.execute(text("DELETE FROM audit_entry"))
    fresh.dispose()


def test_lists_newest_first_and_goes_on_after_a_place(database: Database, clock: FakeClock) -> None:
    for _ in range(3):
        act(database, clock, count=2, patient_id=PATIENT)
        clock.advance(timedelta(seconds=1))
    act(database, clock)
    with transaction(database) as session:
        whole = access_log(session, patient_id=PATIENT, limit=10)
        seen: list[UUID] = []
        place = None
        while page := access_log(session, patient_id=PATIENT, limit=2, before=place):
            seen += [row.id for row in page]
            place = (page[-1].at, page[-1].id)
    assert [row.id for row in whole] == seen
    assert len(set(seen)) == 6
    assert [row.at for row in whole] == sorted((row.at for row in whole), reverse=True)


def test_entries_are_found_by_their_act(database: Database, clock: FakeClock) -> None:
    act(database, clock)
    with transaction(database) as session:
        record(session, actor=SYSTEM, clock=clock, action="key.rotate", outcome="refused")
    with transaction(database) as session:
        assert [row.action for row in entries(session, action="key.rotate", limit=9)] == ["key.rotate"]


def test_reads_the_actor_of_the_command_line_as_the_system(database: Database, clock: FakeClock) -> None:
    with transaction(database) as session:
        assert record(session, actor=SYSTEM, clock=clock, action="key.rotate").actor_role == "system"
