"""Looking after the keys: first key, rotation, rewrapping, destruction of old keys, and their check.

Rotation needs no pause: new data keys are wrapped under the new key at once, old ones when `rewrap` comes
to them, and a key-encrypting key is destroyed only when a search finds nothing wrapped under it any more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.crypto import aead, envelope
from clinic.crypto.envelope import DataKey
from clinic.crypto.errors import Unopenable
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import ConfigurationError
from clinic.ids import new_id
from clinic.vault.key_tables import Dek, DekState, DekWrap, Kek, KekState, Recipient
from clinic.vault.keyring import Keyring, active_kek, make_wrap

BATCH = 500


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of every key found; `broken` are the ids that do not open."""

    keks: int
    deks: int
    broken: tuple[str, ...]


def has_keys(store: Database) -> bool:
    """Tell whether a key was ever made here."""
    with snapshot(store) as session:
        return session.scalar(select(func.count()).select_from(Kek)) != 0


def add_kek(keyring: Keyring) -> int:
    """Make a new key-encrypting key the active one, the previous decrypt-only; return its version."""
    secret, kek_id = secrets.token_bytes(aead.KEY_BYTES), new_id()
    wrapped = keyring.provider.wrap(secret, [kek_id.bytes])
    with transaction(keyring.store) as session:
        versions = session.scalars(select(Kek).order_by(Kek.version).with_for_update()).all()
        for kek in versions:
            if kek.state is KekState.ACTIVE:
                kek.state = KekState.DECRYPT_ONLY
        session.flush()  # the unique index allows one active key at a time
        version = versions[-1].version + 1 if versions else 1
        session.add(
            Kek(
                id=kek_id,
                version=version,
                state=KekState.ACTIVE,
                provider=keyring.provider.name,
                wrapped=wrapped,
                canary=_make_canary(DataKey(kek_id, secret)),
                created_at=keyring.clock.now(),
            )
        )
    return version


def rewrap(keyring: Keyring, *, batch: int = BATCH) -> int:
    """Wrap up to `batch` data keys of old key-encrypting keys under the active one; return how many."""
    with transaction(keyring.store) as session:
        target = active_kek(session)
        secret = keyring.open_kek(target)
        old = (
            select(DekWrap, Dek, Kek)
            .join(Dek, Dek.id == DekWrap.dek_id)
            .join(Kek, Kek.id == DekWrap.recipient_id)
            .where(DekWrap.recipient_type == Recipient.KEK, DekWrap.recipient_id != target.id)
        )
        rows = session.execute(old.order_by(DekWrap.dek_id).limit(batch)).all()
        for wrapped, dek, kek in rows:
            session.merge(make_wrap(dek, keyring.open_wrap(dek, wrapped, kek), target, secret))
            session.delete(wrapped)
    return len(rows)


def retire_keks(keyring: Keyring) -> int:
    """Destroy the key-encrypting keys under which nothing is wrapped any more; return how many."""
    with transaction(keyring.store) as session:
        old = select(Kek).where(Kek.state == KekState.DECRYPT_ONLY).with_for_update()
        empty = [kek for kek in session.scalars(old) if not _wraps_under(session, kek)]
        for kek in empty:
            kek.state, kek.wrapped, kek.destroyed_at = KekState.DESTROYED, None, keyring.clock.now()
    _forget_on_disk(keyring)
    keyring.forget()
    return len(empty)


def refuse_wrong_root(keyring: Keyring) -> None:
    """Raise ConfigurationError unless the root key opens every living key-encrypting key."""
    with snapshot(keyring.store) as session:
        keks = session.scalars(select(Kek).where(Kek.state != KekState.DESTROYED)).all()
        if not keks:
            raise ConfigurationError("the key store holds no key: run `clinic keys init`")
        closed = [kek.version for kek in keks if not _opens(keyring, kek)]
    if closed:
        raise ConfigurationError(
            f"the root key ({keyring.provider.name}) does not open version {closed[0]} of the clinic's key: "
            "it belongs to another key store, or one of the two comes from another backup"
        )


def check(keyring: Keyring) -> Health:
    """Open every key there is; reads, changes nothing."""
    broken: list[str] = []
    with snapshot(keyring.store) as session:
        keks = session.scalars(select(Kek).where(Kek.state != KekState.DESTROYED)).all()
        broken += [f"kek {kek.id}" for kek in keks if not _opens(keyring, kek)]
        deks = session.scalars(select(Dek).where(Dek.state != DekState.DESTROYED)).all()
        wraps = select(DekWrap, Kek).join(Kek, Kek.id == DekWrap.recipient_id)
        for dek in deks:
            found = session.execute(wraps.where(DekWrap.dek_id == dek.id)).all()
            if not found or not all(_wrap_opens(keyring, dek, wrapped, kek) for wrapped, kek in found):
                broken.append(f"dek {dek.id}")
        return Health(len(keks), len(deks), tuple(broken))


def _wraps_under(session: Session, kek: Kek) -> int:
    return session.scalar(select(func.count()).where(DekWrap.recipient_id == kek.id)) or 0


def _make_canary(kek: DataKey) -> bytes:
    return envelope.seal(kek, label=b"canary", context=[kek.id.bytes], plaintext=b"")


def _opens(keyring: Keyring, kek: Kek) -> bool:
    """Tell whether the root key opens `kek` and `kek` opens its canary."""
    try:
        key = DataKey(kek.id, keyring.open_kek(kek))
        envelope.unseal(key, label=b"canary", context=[kek.id.bytes], blob=kek.canary)
    except Unopenable:
        return False
    return True


def _wrap_opens(keyring: Keyring, dek: Dek, wrapped: DekWrap, kek: Kek) -> bool:
    try:
        keyring.open_wrap(dek, wrapped, kek)
    except Unopenable:
        return False
    return True


def _forget_on_disk(keyring: Keyring) -> None:
    """Write deleted keys out of SQLite's log too; its pages are overwritten by `secure_delete`."""
    if keyring.store.dialect == "sqlite":
        with keyring.store.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
