"""Content opens at its own place, against a clearance that holds at that moment, and not otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from clinic.access.clearance import Action, Compartment
from clinic.crypto.envelope import OVERHEAD
from clinic.db.engine import Database
from clinic.db.transaction import audited_read, transaction
from clinic.ids import PatientId
from clinic.vault import Binding, ClearanceRefused, Refusal, Unreadable, Vault, keeping
from clinic.vault.key_tables import Dek
from clinic.vault.keyring import Keyring
from tests.fakes.clock import FakeClock
from tests.integration.vault.content import BINDING, PATIENT, TEXT, clearance

OTHER = PatientId(UUID(int=77))


def _seal(database: Database, vault: Vault, binding: Binding = BINDING, plaintext: bytes = TEXT) -> bytes:
    with transaction(database) as session:
        return vault.seal(session, binding=binding, plaintext=plaintext)


def _open(database: Database, vault: Vault, blob: bytes, clock: FakeClock, **changes: Any) -> bytes:
    with audited_read(database) as session:
        return vault.open(session, clearance(clock.now(), **changes), binding=BINDING, blob=blob)


def _refusal(database: Database, vault: Vault, clock: FakeClock, **changes: Any) -> Refusal:
    blob = _seal(database, vault)
    with pytest.raises(ClearanceRefused) as refused:
        _open(database, vault, blob, clock, **changes)
    assert refused.value.code == "clearance_refused"
    assert not refused.value.facts
    return refused.value.refusal


def test_opens_what_it_sealed(database: Database, vault: Vault, clock: FakeClock) -> None:
    assert _open(database, vault, _seal(database, vault), clock) == TEXT


@given(plaintext=st.one_of(st.just(b""), st.text().map(str.encode), st.binary(max_size=3000)))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_opens_any_text(database: Database, vault: Vault, clock: FakeClock, plaintext: bytes) -> None:
    assert _open(database, vault, _seal(database, vault, plaintext=plaintext), clock) == plaintext


@pytest.mark.parametrize("action", [Action.READ, Action.SIGN, Action.EXPORT])
def test_opens_for_whoever_may_see_it(
    database: Database, vault: Vault, clock: FakeClock, action: Action
) -> None:
    assert _open(database, vault, _seal(database, vault), clock, action=action) == TEXT


def test_refuses_an_expired_clearance(database: Database, vault: Vault, clock: FakeClock) -> None:
    assert _refusal(database, vault, clock, not_after=clock.now()) is Refusal.EXPIRED
    assert _refusal(database, vault, clock, not_after=clock.now() - timedelta(seconds=1)) is Refusal.EXPIRED


def test_refuses_a_clearance_from_before_a_consent_changed(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    with transaction(database) as session:
        assert vault.bump_epoch(session, PATIENT) == 1
    assert _refusal(database, vault, clock) is Refusal.STALE
    assert _open(database, vault, _seal(database, vault), clock, epoch=1) == TEXT


def test_refuses_once_a_consent_changes_between_two_openings(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    blob = _seal(database, vault)
    assert _open(database, vault, blob, clock) == TEXT
    with transaction(database) as session:
        vault.bump_epoch(session, PATIENT)
    with pytest.raises(ClearanceRefused):
        _open(database, vault, blob, clock)


def test_refuses_a_clearance_for_another_patient(database: Database, vault: Vault, clock: FakeClock) -> None:
    assert _refusal(database, vault, clock, patient_id=OTHER) is Refusal.OTHER_PATIENT


def test_refuses_a_compartment_that_is_not_covered(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    others = frozenset(Compartment) - {Compartment.GENERAL}
    assert _refusal(database, vault, clock, compartments=others) is Refusal.UNCOVERED


def test_refuses_a_clearance_to_write(database: Database, vault: Vault, clock: FakeClock) -> None:
    assert _refusal(database, vault, clock, action=Action.WRITE) is Refusal.WRONG_ACTION


def test_refuses_another_authors_work_where_the_clearance_is_for_ones_own(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    assert _refusal(database, vault, clock, author_id=OTHER) is Refusal.OTHER_AUTHOR
    blob = _seal(database, vault)
    assert _open(database, vault, blob, clock, author_id=BINDING.author_id) == TEXT


def test_the_digest_asks_for_the_same_clearance(database: Database, vault: Vault, clock: FakeClock) -> None:
    blob = _seal(database, vault)
    with pytest.raises(ClearanceRefused), transaction(database) as session:
        vault.digest(session, clearance(clock.now(), epoch=9), binding=BINDING, blob=blob)


MOVED = [
    {"content_type": "message"},
    {"patient_id": OTHER},
    {"object_id": UUID(int=22)},
    {"version": 2},
    {"compartment": Compartment.PSYCHOTHERAPY},
    {"author_id": UUID(int=33)},
    {"previous_sha256": bytes(32)},
]


@pytest.mark.parametrize("change", MOVED, ids=lambda change: next(iter(change)))
def test_refuses_a_blob_moved_to_another_place(
    database: Database, vault: Vault, clock: FakeClock, change: dict[str, Any]
) -> None:
    """The clearance covers the new place and its keys exist, so the binding alone is what refuses."""
    moved = replace(BINDING, **change)
    blob = _seal(database, vault)
    _seal(database, vault, moved)
    holds = clearance(
        clock.now(), patient_id=moved.patient_id, compartments=frozenset(Compartment), action=Action.READ
    )
    with pytest.raises(Unreadable), transaction(database) as session:
        vault.open(session, holds, binding=moved, blob=blob)


def test_refuses_a_flip_of_any_byte(database: Database, vault: Vault, clock: FakeClock) -> None:
    blob = _seal(database, vault, plaintext=b"short")
    assert len(blob) == OVERHEAD + 256
    with transaction(database) as session:
        for position in range(len(blob)):
            altered = bytearray(blob)
            altered[position] ^= 0x10
            with pytest.raises(Unreadable):
                vault.open(session, clearance(clock.now()), binding=BINDING, blob=bytes(altered))


def test_refuses_a_wrap_moved_to_another_patient(
    database: Database, vault: Vault, keyring: Keyring, clock: FakeClock
) -> None:
    """Whoever may write to the key store still cannot open one patient's content as another's."""
    blob = _seal(database, vault)
    other = replace(BINDING, patient_id=OTHER)
    _seal(database, vault, other)
    with transaction(keyring.store) as session:
        mine, theirs = (
            session.scalars(select(Dek).where(Dek.owner_id == owner)).one() for owner in (PATIENT, OTHER)
        )
        key_id = mine.id
        for dek, owner in ((mine, UUID(int=5)), (theirs, PATIENT), (mine, OTHER)):
            dek.owner_id = owner
            session.flush()  # one at a time: an owner has one active key
    keyring.forget()
    with pytest.raises(Unreadable):
        keyring.find(key_id, purpose=BINDING.compartment.value, owner_id=OTHER)
    assert len(keeping.check(keyring).broken) == 2
    holds = clearance(clock.now(), patient_id=OTHER)
    with pytest.raises(Unreadable), transaction(database) as session:
        vault.open(session, holds, binding=other, blob=blob)


def test_each_compartment_of_each_patient_has_its_own_key(
    database: Database, vault: Vault, keyring: Keyring
) -> None:
    for patient in (PATIENT, OTHER):
        for compartment in Compartment:
            _seal(database, vault, replace(BINDING, patient_id=patient, compartment=compartment))
            _seal(database, vault, replace(BINDING, patient_id=patient, compartment=compartment, version=2))
    with transaction(keyring.store) as session:
        assert session.scalar(select(text("count(*)")).select_from(Dek)) == 8


def test_epochs_count_from_nought_for_each_patient(database: Database, vault: Vault) -> None:
    with transaction(database) as session:
        assert vault.epoch(session, PATIENT) == 0
        assert [vault.bump_epoch(session, PATIENT) for _ in range(3)] == [1, 2, 3]
        assert (vault.epoch(session, PATIENT), vault.epoch(session, OTHER)) == (3, 0)


def test_a_change_that_is_rolled_back_voids_nothing(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    blob = _seal(database, vault)
    with pytest.raises(ZeroDivisionError), transaction(database) as session:
        vault.bump_epoch(session, PATIENT)
        raise ZeroDivisionError
    assert _open(database, vault, blob, clock) == TEXT
