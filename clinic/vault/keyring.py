"""Finds, makes and keeps data keys: the only code that sees them unwrapped apart from their use.

A key's rows are committed before the key is handed out, so that no blob can outlive its key. Unwrapped keys
are remembered for `MEMORY`; after that the store is asked again, and a destroyed key is noticed.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.clock import Clock
from clinic.crypto import aead
from clinic.crypto.envelope import DataKey
from clinic.crypto.errors import Unopenable
from clinic.crypto.wrap import unwrap, wrap
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.ids import new_id
from clinic.vault.errors import Unreadable
from clinic.vault.key_tables import Dek, DekState, DekWrap, Kek, KekState, Recipient
from clinic.vault.ports import KeyProvider

MEMORY = timedelta(seconds=30)
_MOST_REMEMBERED = 10_000

# The owner of the keys that belong to the clinic and to no person.
CLINIC = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An unwrapped key with what it is for, and until when it may be used without asking the store."""

    key: DataKey
    purpose: str
    owner_id: UUID
    until: datetime


class Keyring:
    """The data keys of one clinic; safe to share between threads."""

    def __init__(self, store: Database, provider: KeyProvider, clock: Clock) -> None:
        """Use the keys in `store`, whose key-encrypting keys `provider` can open."""
        self.store = store
        self.provider = provider
        self.clock = clock
        self._lock = threading.Lock()
        self._keks: dict[UUID, bytes] = {}
        self._by_id: OrderedDict[UUID, Remembered] = OrderedDict()
        self._active: dict[tuple[str, UUID], UUID] = {}

    def active(self, purpose: str, owner_id: UUID) -> DataKey:
        """Return the key that new values are sealed with; made and committed first where there is none."""
        remembered = self._recall(self._active.get((purpose, owner_id)))
        if remembered is not None:
            return remembered.key
        return self._load_active(purpose, owner_id) or self._create(purpose, owner_id)

    def find(self, key_id: UUID, *, purpose: str, owner_id: UUID) -> DataKey:
        """Return a key by id; raises Unreadable if it is destroyed, unknown, or for another use or owner."""
        remembered = self._recall(key_id) or self._load(key_id)
        if remembered is None or (remembered.purpose, remembered.owner_id) != (purpose, owner_id):
            raise Unreadable
        return remembered.key

    def all_of(self, purpose: str, owner_id: UUID) -> list[DataKey]:
        """Return every key of a purpose and owner that has not been destroyed."""
        with snapshot(self.store) as session:
            found = select(Dek.id).where(Dek.purpose == purpose, Dek.owner_id == owner_id)
            ids = session.scalars(found.where(Dek.state != DekState.DESTROYED).order_by(Dek.created_at)).all()
        return [self.find(key_id, purpose=purpose, owner_id=owner_id) for key_id in ids]

    def forget(self) -> None:
        """Drop every remembered key; the store is asked again."""
        with self._lock:
            self._keks.clear()
            self._by_id.clear()
            self._active.clear()

    def open_kek(self, kek: Kek) -> bytes:
        """Return a key-encrypting key; raises Unopenable under another root key."""
        if kek.wrapped is None:
            raise Unopenable
        if kek.id not in self._keks:
            self._keks[kek.id] = self.provider.unwrap(kek.wrapped, [kek.id.bytes])
        return self._keks[kek.id]

    def open_wrap(self, dek: Dek, wrapped: DekWrap, kek: Kek) -> bytes:
        """Return the data key inside `wrapped`; raises Unopenable for any other key, owner or purpose."""
        return unwrap(self.open_kek(kek), wrapped.wrapped, wrap_context(dek, kek))

    def _load_active(self, purpose: str, owner_id: UUID) -> DataKey | None:
        with snapshot(self.store) as session:
            dek = session.scalars(
                select(Dek).where(
                    Dek.purpose == purpose, Dek.owner_id == owner_id, Dek.state == DekState.ACTIVE
                )
            ).one_or_none()
            return None if dek is None else self._unwrap(session, dek).key

    def _load(self, key_id: UUID) -> Remembered | None:
        with snapshot(self.store) as session:
            dek = session.get(Dek, key_id)
            if dek is None or dek.state is DekState.DESTROYED:
                return None
            return self._unwrap(session, dek)

    def _create(self, purpose: str, owner_id: UUID) -> DataKey:
        """Make and commit a key; whoever was first wins when two processes do it at once."""
        secret = secrets.token_bytes(aead.KEY_BYTES)
        try:
            with transaction(self.store) as session:
                kek = active_kek(session)
                dek = Dek(
                    id=new_id(),
                    purpose=purpose,
                    owner_id=owner_id,
                    state=DekState.ACTIVE,
                    created_at=self.clock.now(),
                )
                session.add(dek)
                session.flush()
                session.add(make_wrap(dek, secret, kek, self.open_kek(kek)))
        except IntegrityError:
            found = self._load_active(purpose, owner_id)
            if found is None:
                raise
            return found
        return self._remember(dek, secret).key

    def _unwrap(self, session: Session, dek: Dek) -> Remembered:
        """Open `dek` by any of its wraps; raises Unreadable when none opens."""
        wraps = select(DekWrap, Kek).join(Kek, Kek.id == DekWrap.recipient_id)
        for wrapped, kek in session.execute(wraps.where(DekWrap.dek_id == dek.id)):
            try:
                return self._remember(dek, self.open_wrap(dek, wrapped, kek))
            except Unopenable:
                continue
        raise Unreadable

    def _remember(self, dek: Dek, secret: bytes) -> Remembered:
        until = self.clock.now() + MEMORY
        remembered = Remembered(DataKey(dek.id, secret), dek.purpose, dek.owner_id, until)
        with self._lock:
            self._by_id[dek.id] = remembered
            if dek.state is DekState.ACTIVE:
                self._active[dek.purpose, dek.owner_id] = dek.id
            while len(self._by_id) > _MOST_REMEMBERED:
                _, oldest = self._by_id.popitem(last=False)
                self._active.pop((oldest.purpose, oldest.owner_id), None)
        return remembered

    def _recall(self, key_id: UUID | None) -> Remembered | None:
        """Return what is remembered of a key, unless it is due to be asked for again."""
        if key_id is None:
            return None
        with self._lock:
            remembered = self._by_id.get(key_id)
            if remembered is None or self.clock.now() >= remembered.until:
                return None
            return remembered


def active_kek(session: Session) -> Kek:
    """Return the key-encrypting key for new wraps, held against retirement until the commit.

    PostgreSQL finds no row when it has waited for a rotation: the row it waited for is active no more, and
    the new one was not there when the statement began. The next statement sees it.
    """
    active = select(Kek).where(Kek.state == KekState.ACTIVE).with_for_update(read=True)
    return session.scalars(active).one_or_none() or session.scalars(active).one()


def make_wrap(dek: Dek, secret: bytes, kek: Kek, kek_secret: bytes) -> DekWrap:
    """Return `secret`, the key of `dek`, sealed for whoever can open `kek`."""
    return DekWrap(
        dek_id=dek.id,
        recipient_type=Recipient.KEK,
        recipient_id=kek.id,
        wrapped=wrap(kek_secret, secret, wrap_context(dek, kek)),
    )


def wrap_context(dek: Dek, kek: Kek) -> Sequence[bytes]:
    """Return what a wrap is bound to: a row moved to another patient, purpose or key does not open."""
    return [b"ecn1-dek", dek.owner_id.bytes, dek.purpose.encode(), dek.id.bytes, kek.id.bytes]
