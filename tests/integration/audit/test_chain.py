"""The sealer chains every entry once; whatever is done to the trail afterwards is found."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.audit.body import GENESIS, link_hash
from clinic.audit.checkpoints import read_note, write
from clinic.audit.models import AuditEntry, AuditLink
from clinic.audit.sealer import OVERLAP, seal
from clinic.audit.verification import Fault, verify
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.vault import Vault
from tests.fakes.clock import FakeClock
from tests.integration.audit.trail import act, chain, faults, inspect, tamper


def _checkpoint(database: Database, vault: Vault, clock: FakeClock) -> str:
    with transaction(database) as session:
        signed = write(session, vault=vault, clock=clock)
        assert signed is not None
        return signed.note


def test_a_fresh_trail_is_sound(database: Database) -> None:
    assert inspect(database).sound


def test_chains_each_entry_once(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=5)
    assert inspect(database).unsealed == 5
    assert chain(database) == 5
    assert chain(database) == 0
    report = inspect(database)
    assert (report.sealed, report.unsealed, report.sound) == (5, 0, True)


def test_goes_on_where_it_stopped(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=3)
    with transaction(database) as session:
        assert seal(session, limit=2) == 2
    act(database, clock, count=2)
    with transaction(database) as session:
        assert seal(session) == 3
    assert inspect(database).sound


def test_finds_entries_that_committed_late(database: Database, clock: FakeClock) -> None:
    """A slow act commits after the chain has passed its time; a clock may also be set back by an hour."""
    act(database, clock)
    chain(database)
    clock.advance(-timedelta(seconds=5))
    act(database, clock)
    with transaction(database) as session:
        assert seal(session) == 1
    clock.advance(-OVERLAP * 6)
    act(database, clock)
    with transaction(database) as session:
        assert seal(session) == 0
        assert seal(session, whole=True) == 1
    assert inspect(database).sound


def test_two_sealers_at_once_make_one_chain(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=20)
    sealed: list[int] = []

    def work() -> None:
        for _ in range(10):
            with transaction(database) as session:
                sealed.append(seal(session, limit=3))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sealed) == 20
    assert inspect(database).sound


@pytest.mark.parametrize(
    "column",
    [
        "action = 'note.list'",
        "reason = 'x'",
        "actor_role = 'reception'",
        "outcome = 'refused'",
        "purpose = NULL",
    ],
)
def test_finds_an_edited_entry(database: Database, clock: FakeClock, column: str) -> None:
    act(database, clock, count=3)
    chain(database)
    second = "SELECT entry_id FROM audit_link WHERE seq = 2"
    tamper(database, f"UPDATE audit_entry SET {column} WHERE id = ({second})")
    assert faults(database) == {(Fault.EDITED, 2)}


def test_finds_an_entry_forged_without_the_key(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=2)
    tamper(database, "UPDATE audit_entry SET mac = body_hash")
    assert faults(database) == {(Fault.FORGED, 0)}
    chain(database)
    assert faults(database) == {(Fault.FORGED, 1), (Fault.FORGED, 2)}


def test_finds_a_removed_entry(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=3)
    chain(database)
    tamper(database, "DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 2)")
    assert faults(database) == {(Fault.GONE, 2)}


def test_finds_an_entry_removed_with_its_link(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=3)
    chain(database)
    tamper(
        database,
        "DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 2)",
        "DELETE FROM audit_link WHERE seq = 2",
    )
    assert faults(database) == {(Fault.BROKEN, 3)}


def test_finds_exchanged_places(database: Database, clock: FakeClock) -> None:
    act(database, clock, count=4)
    chain(database)
    tamper(
        database,
        "UPDATE audit_link SET seq = 99 WHERE seq = 2",
        "UPDATE audit_link SET seq = 2 WHERE seq = 3",
        "UPDATE audit_link SET seq = 3 WHERE seq = 99",
    )
    assert {fault for fault, _ in faults(database)} == {Fault.BROKEN}


def test_finds_a_trail_cut_short_before_its_checkpoint(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    act(database, clock, count=3)
    _checkpoint(database, vault, clock)
    tamper(
        database,
        "DELETE FROM audit_link WHERE seq = 3",
        "DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_link)",
    )
    assert faults(database, vault.clinic_public_keys()) == {(Fault.CUT, 3)}


def test_finds_a_rewritten_trail_by_a_checkpoint_kept_elsewhere(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    """The whole trail is replaced, with the clinic's key and its own checkpoint gone: only the copy tells."""
    act(database, clock, count=3)
    note = _checkpoint(database, vault, clock)
    tamper(database, *(f"DELETE FROM audit_{table}" for table in ("link", "checkpoint", "entry")))
    act(database, clock, count=4)
    chain(database)
    assert inspect(database, vault.clinic_public_keys()).sound
    with transaction(database) as session:
        report = verify(
            session,
            public_keys=vault.clinic_public_keys(),
            witnesses=[read_note(note, vault.clinic_public_keys())],
        )
    assert [(finding.fault, finding.seq) for finding in report.findings] == [(Fault.REWRITTEN, 3)]


def test_finds_a_checkpoint_that_the_clinic_did_not_sign(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    act(database, clock)
    _checkpoint(database, vault, clock)
    tamper(database, "UPDATE audit_checkpoint SET signature = public_key")
    assert faults(database, vault.clinic_public_keys()) == {(Fault.NOT_OURS, 1)}
    with transaction(database) as session:
        assert not verify(session, public_keys=frozenset()).sound


def test_finds_a_checkpoint_signed_by_another_key(database: Database, vault: Vault, clock: FakeClock) -> None:
    """Whoever rewrites the trail can sign it too, only not with the clinic's key."""
    act(database, clock)
    _checkpoint(database, vault, clock)
    assert faults(database, vault.clinic_public_keys()) == set()
    stranger = frozenset({vault.sign(UUID(int=5), b"").public_key})
    assert faults(database, stranger) == {(Fault.NOT_OURS, 1)}


def test_finds_a_beginning_that_was_cut_off_and_numbered_anew(database: Database, clock: FakeClock) -> None:
    """The hashes of links need no key, so they can be computed again; the numbers must still start at 1."""
    act(database, clock)
    with transaction(database) as session:
        row = session.scalars(select(AuditEntry)).one()
        link = link_hash(2, GENESIS, row.body_hash, row.mac)
        session.add(AuditLink(seq=2, entry_id=row.id, prev_hash=GENESIS, hash=link))
    assert faults(database) == {(Fault.BROKEN, 2)}


def test_checkpoints_cover_what_was_not_sealed_yet_and_are_not_repeated(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    with transaction(database) as session:
        assert write(session, vault=vault, clock=clock) is None
    act(database, clock, count=2)
    note = _checkpoint(database, vault, clock)
    with transaction(database) as session:
        assert write(session, vault=vault, clock=clock) is None
    assert read_note(note, vault.clinic_public_keys()).checkpoint.seq == 2
    report = inspect(database, vault.clinic_public_keys())
    assert (report.sealed, report.checkpoints, report.sound) == (2, 1, True)
