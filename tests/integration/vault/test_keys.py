"""Keys: durable before use, made once, rotated without a pause, destroyed for good."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clinic.crypto.errors import Unopenable
from clinic.crypto.kdf import Cost
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import ConfigurationError
from clinic.vault import CLINIC, Unreadable, Vault, keeping, sweep
from clinic.vault.key_store import create_store, open_store
from clinic.vault.key_tables import Dek, DekState, DekWrap, Kek, KekState, StoreVersion
from clinic.vault.keyring import MEMORY, Keyring
from clinic.vault.providers.passphrase import Passphrase
from tests.fakes.clock import FakeClock
from tests.integration.vault.conftest import PASSPHRASE, Stores
from tests.integration.vault.content import BINDING, PATIENT, TEXT, clearance


def _states(keyring: Keyring) -> list[KekState]:
    with snapshot(keyring.store) as session:
        return list(session.scalars(select(Kek.state).order_by(Kek.version)))


def test_a_key_is_durable_before_the_first_value_sealed_with_it(
    another: Stores, database: Database, vault: Vault, keyring: Keyring, clock: FakeClock
) -> None:
    """The act fails after sealing: its blob is gone, the key is there, and the next act uses it."""
    with pytest.raises(ZeroDivisionError), transaction(database) as session:
        blob = vault.seal(session, binding=BINDING, plaintext=TEXT)
        raise ZeroDivisionError
    other = Vault(another(), clock)
    with transaction(database) as session:
        assert other.open(session, clearance(clock.now()), binding=BINDING, blob=blob) == TEXT
        again = other.seal(session, binding=BINDING, plaintext=TEXT)
    assert again[5:21] == blob[5:21]


def test_processes_that_need_a_key_at_once_make_one(another: Stores, keyring: Keyring) -> None:
    rings = [another() for _ in range(6)]
    ids: list[UUID] = []
    together = threading.Barrier(len(rings))

    def work(ring: Keyring) -> None:
        together.wait()
        ids.append(ring.active("general", PATIENT).id)

    threads = [threading.Thread(target=work, args=(ring,)) for ring in rings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 6
    assert len(set(ids)) == 1


def test_rotation_and_rewrapping_lose_nothing_that_was_sealed(
    another: Stores, database: Database, vault: Vault, keyring: Keyring, clock: FakeClock
) -> None:
    bindings = [replace(BINDING, patient_id=UUID(int=100 + number)) for number in range(7)]
    with transaction(database) as session:
        blobs = [vault.seal(session, binding=binding, plaintext=TEXT) for binding in bindings]
    assert keeping.add_kek(keyring) == 2
    assert _states(keyring) == [KekState.DECRYPT_ONLY, KekState.ACTIVE]
    assert keeping.retire_keks(keyring) == 0
    assert [keeping.rewrap(keyring, batch=3) for _ in range(4)] == [3, 3, 1, 0]
    assert keeping.retire_keks(keyring) == 1
    assert _states(keyring) == [KekState.DESTROYED, KekState.ACTIVE]
    fresh = Vault(another(), clock)
    with transaction(database) as session:
        for binding, blob in zip(bindings, blobs, strict=True):
            holds = clearance(clock.now(), patient_id=binding.patient_id)
            assert fresh.open(session, holds, binding=binding, blob=blob) == TEXT
    assert keeping.check(keyring).broken == ()


def test_rotation_under_load_loses_nothing(
    another: Stores, database: Database, vault: Vault, keyring: Keyring, clock: FakeClock
) -> None:
    sealed: list[tuple[int, bytes]] = []
    stop = threading.Event()

    def write() -> None:
        ring = another()
        number = 1000
        while not stop.is_set() and number < 1060:
            number += 1
            binding = replace(BINDING, patient_id=UUID(int=number))
            key = Vault(ring, clock)
            with transaction(database) as session:
                sealed.append((number, key.seal(session, binding=binding, plaintext=TEXT)))

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        keeping.add_kek(keyring)
        while keeping.rewrap(keyring, batch=5):
            pass
        keeping.retire_keks(keyring)
    stop.set()
    writer.join()
    while keeping.rewrap(keyring):
        pass
    keeping.retire_keks(keyring)
    fresh = Vault(another(), clock)
    with transaction(database) as session:
        for number, blob in sealed:
            binding = replace(BINDING, patient_id=UUID(int=number))
            holds = clearance(clock.now(), patient_id=UUID(int=number))
            assert fresh.open(session, holds, binding=binding, blob=blob) == TEXT
    assert sealed


def test_a_key_made_during_a_rotation_waits_for_it(keyring: Keyring, another: Stores) -> None:
    other = another()
    made: list[UUID] = []
    maker = threading.Thread(target=lambda: made.append(other.active("general", PATIENT).id))
    with transaction(keyring.store) as session:
        old = session.scalars(select(Kek)).one()
        old.state = KekState.DECRYPT_ONLY
        session.flush()
        fresh = UUID(int=50)
        session.add(
            Kek(
                id=fresh,
                version=2,
                state=KekState.ACTIVE,
                provider="passphrase",
                wrapped=PASSPHRASE.wrap(bytes(32), [fresh.bytes]),
                canary=b"",
                created_at=keyring.clock.now(),
            )
        )
        session.flush()
        maker.start()
        maker.join(timeout=0.5)
        assert not made
    maker.join(timeout=20)
    with snapshot(keyring.store) as session:
        assert session.scalars(select(DekWrap.recipient_id).where(DekWrap.dek_id == made[0])).one() == fresh


def test_another_root_key_is_noticed_at_start(another: Stores, keyring: Keyring) -> None:
    other = Passphrase(b"wrong horse battery staple", cost=Cost(memory_kib=64, passes=1, lanes=1))
    with pytest.raises(ConfigurationError, match="belongs to another key store"):
        keeping.refuse_wrong_root(Keyring(keyring.store, other, keyring.clock))
    keeping.refuse_wrong_root(another())


def test_a_damaged_key_is_noticed_at_start(another: Stores, keyring: Keyring) -> None:
    with transaction(keyring.store) as session:
        kek = session.scalars(select(Kek)).one()
        kek.canary = kek.canary[:-1] + bytes([kek.canary[-1] ^ 1])
    with pytest.raises(ConfigurationError):
        keeping.refuse_wrong_root(another())


def test_a_store_without_keys_is_noticed_at_start(keys_url: str, clock: FakeClock) -> None:
    with pytest.raises(ConfigurationError, match="clinic keys init"):
        open_store(keys_url)
    create_store(keys_url).dispose()
    store = open_store(keys_url)
    with pytest.raises(ConfigurationError, match="holds no key"):
        keeping.refuse_wrong_root(Keyring(store, PASSPHRASE, clock))
    store.dispose()


def test_a_store_of_a_later_release_is_refused(keys_url: str) -> None:
    store = create_store(keys_url)
    with transaction(store) as session:
        session.scalars(select(StoreVersion)).one().version = 2
    store.dispose()
    with pytest.raises(ConfigurationError, match="version 2, this release reads 1"):
        open_store(keys_url)


def test_the_check_names_keys_that_do_not_open(another: Stores, keyring: Keyring) -> None:
    key = keyring.active("general", PATIENT)
    assert keeping.check(another()).broken == ()
    with transaction(keyring.store) as session:
        session.scalars(select(DekWrap).where(DekWrap.dek_id == key.id)).one().wrapped = bytes(60)
    assert keeping.check(another()).broken == (f"dek {key.id}",)
    with pytest.raises(Unreadable):
        another().find(key.id, purpose="general", owner_id=PATIENT)


def test_a_destroyed_key_is_gone_for_other_processes_within_half_a_minute(
    another: Stores, keyring: Keyring, clock: FakeClock
) -> None:
    key = keyring.active("general", PATIENT)
    other = another()
    assert other.find(key.id, purpose="general", owner_id=PATIENT) == key
    assert sweep.destroy(keyring, [key.id]) == 1
    with pytest.raises(Unreadable):
        keyring.find(key.id, purpose="general", owner_id=PATIENT)
    clock.advance(MEMORY)
    with pytest.raises(Unreadable):
        other.find(key.id, purpose="general", owner_id=PATIENT)
    with snapshot(keyring.store) as session:
        assert session.scalar(select(func.count()).where(DekWrap.dek_id == key.id)) == 0


def test_a_retired_clinic_key_cannot_be_opened(keyring: Keyring) -> None:
    keeping.add_kek(keyring)
    keeping.retire_keks(keyring)
    with snapshot(keyring.store) as session:
        gone = session.scalars(select(Kek).where(Kek.state == KekState.DESTROYED)).one()
        with pytest.raises(Unopenable):
            keyring.open_kek(gone)


def test_sweeps_keys_of_patients_who_never_were_and_no_others(keyring: Keyring, clock: FakeClock) -> None:
    orphan, patient, young = UUID(int=10), UUID(int=11), UUID(int=12)
    orphaned = keyring.active("general", orphan)
    keyring.active("general", patient)
    keyring.active("signing", UUID(int=13))
    keyring.active("directory", CLINIC)
    clock.advance(sweep.GRACE + timedelta(seconds=1))
    keyring.active("general", young)
    found = sweep.orphans(keyring, lambda ids: {patient} & set(ids))
    assert found == [orphaned.id]
    sweep.destroy(keyring, found)
    assert sweep.orphans(keyring, lambda ids: {patient} & set(ids)) == []
    with snapshot(keyring.store) as session:
        assert session.scalar(select(func.count()).where(Dek.state == DekState.DESTROYED)) == 1


def test_remembers_keys_for_a_while_only(keyring: Keyring, clock: FakeClock) -> None:
    key = keyring.active("general", PATIENT)
    with transaction(keyring.store) as session:
        session.get_one(Dek, key.id).state = DekState.DECRYPT_ONLY
    assert keyring.active("general", PATIENT) == key
    clock.advance(MEMORY)
    assert keyring.active("general", PATIENT).id != key.id
    assert keyring.find(key.id, purpose="general", owner_id=PATIENT) == key


def test_forgets_the_oldest_keys_first(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.vault.keyring._MOST_REMEMBERED", 2)
    keys = [keyring.active("general", UUID(int=number)) for number in range(1, 5)]
    assert [keyring.active("general", UUID(int=number)) for number in range(1, 5)] == keys
