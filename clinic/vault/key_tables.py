"""The key store's tables: a database of their own, with backups of their own (decision 0001).

    root key (KeyProvider) -> kek (the clinic's) -> dek, by one dek_wrap per recipient

A dek is any 256-bit secret with a purpose and an owner: a patient's content key of one compartment, a
practitioner's signing seed, the clinic's directory, index and audit keys.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from clinic.db.base import NAMING, Code, UTCDateTime, one_of


class KeyBase(DeclarativeBase):
    """What every table of the key store derives from."""

    metadata = MetaData(naming_convention=NAMING)


class KekState(StrEnum):
    """The life of a key-encrypting key; only one is active."""

    ACTIVE = "active"
    DECRYPT_ONLY = "decrypt_only"
    DESTROYED = "destroyed"


class DekState(StrEnum):
    """The life of a data key; one is active for each purpose and owner."""

    ACTIVE = "active"
    DECRYPT_ONLY = "decrypt_only"
    DESTROYED = "destroyed"


class Recipient(StrEnum):
    """Who can open a wrapped key; keys held by people themselves may follow."""

    KEK = "kek"


_ACTIVE = text("state = 'active'")


class StoreVersion(KeyBase):
    """The one row that says which shape of the tables this store has."""

    __tablename__ = "store_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Kek(KeyBase):
    """A version of the clinic's key, wrapped by the root key; `canary` shows that it opens rightly."""

    __tablename__ = "kek"
    __table_args__ = (
        one_of("state", KekState),
        Index("uq_kek_active", "state", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    state: Mapped[KekState] = mapped_column(Code(KekState))
    provider: Mapped[str] = mapped_column(String(40))
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    canary: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Dek(KeyBase):
    """A data key's existence and state; its bytes are in `dek_wrap` only."""

    __tablename__ = "dek"
    __table_args__ = (
        one_of("state", DekState),
        Index(
            "uq_dek_active",
            "owner_id",
            "purpose",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID]
    state: Mapped[DekState] = mapped_column(Code(DekState))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DekWrap(KeyBase):
    """A data key as one recipient can open it; deleting all of a key's wraps destroys what it sealed."""

    __tablename__ = "dek_wrap"
    __table_args__ = (one_of("recipient_type", Recipient), Index(None, "recipient_id"))

    dek_id: Mapped[UUID] = mapped_column(ForeignKey("dek.id"), primary_key=True)
    recipient_type: Mapped[Recipient] = mapped_column(Code(Recipient), primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
