"""What an entry's hash and MAC cover, byte by byte; a change here is a new version, never an edit."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from clinic.crypto.encoding import length_prefixed
from clinic.crypto.mac import hmac_sha256

if TYPE_CHECKING:
    from clinic.audit.models import AuditEntry

_VERSION = b"audit-entry-v1"
GENESIS = bytes(32)


def body_hash(row: AuditEntry) -> bytes:
    """Return the SHA-256 of everything that the entry states."""
    fields = [
        _VERSION,
        row.id.bytes,
        row.at.isoformat(timespec="microseconds").encode(),
        row.actor_id.bytes,
        row.actor_role.encode(),
        _id(row.session_id),
        row.action.encode(),
        row.outcome.encode(),
        _bytes(row.patient_pseudonym),
        _text(row.object_type),
        _id(row.object_id),
        _text(row.purpose),
        _text(row.reason),
        _id(row.decision_id),
    ]
    return hashlib.sha256(length_prefixed(fields)).digest()


def entry_mac(key: bytes, digest: bytes) -> bytes:
    """Return the MAC that shows that the clinic, and not just somebody with the database, wrote an entry."""
    return hmac_sha256(key, [_VERSION, digest])


def link_hash(seq: int, previous: bytes, digest: bytes, mac: bytes) -> bytes:
    """Return the hash of the link `seq` over the previous link and its entry."""
    fields = [b"audit-link-v1", seq.to_bytes(8, "big"), previous, digest, mac]
    return hashlib.sha256(length_prefixed(fields)).digest()


def _bytes(value: bytes | None) -> bytes:
    """Return an optional value such that absent and empty differ."""
    return b"" if value is None else b"\x01" + value


def _text(value: str | None) -> bytes:
    return _bytes(None if value is None else value.encode())


def _id(value: UUID | None) -> bytes:
    return _bytes(None if value is None else value.bytes)
