"""Signed heads of the chain, as C2SP signed notes, so that standard tools can check a copy kept elsewhere.

A copy outside this machine (mail, paper, another clinic) is what proves that the whole database was not
rolled back; inside the database a checkpoint only pins what lies before it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit.models import AuditCheckpoint, AuditLink
from clinic.audit.sealer import seal_all
from clinic.clock import Clock
from clinic.crypto import signing
from clinic.vault import CLINIC, Vault

ORIGIN = "sakina-audit"
_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint states: up to link `seq`, at `at`, the chain's hash was `head`."""

    seq: int
    at: datetime
    head: bytes

    @property
    def text(self) -> bytes:
        """Return what is signed (C2SP tlog-checkpoint: origin, size, hash, then our time of signing)."""
        at = self.at.isoformat(timespec="microseconds")
        return f"{ORIGIN}\n{self.seq}\n{base64.b64encode(self.head).decode()}\n{at}\n".encode()


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with the signature that vouches for it."""

    checkpoint: Checkpoint
    public_key: bytes
    signature: bytes

    @property
    def genuine(self) -> bool:
        """Tell whether `public_key` signed it; whose key that is, the caller knows."""
        return signing.verify(self.public_key, self.checkpoint.text, self.signature)

    @property
    def note(self) -> str:
        """Return the C2SP signed note: text, empty line, signature line."""
        tail = base64.b64encode(_note_key_id(self.public_key) + self.signature).decode()
        return f"{self.checkpoint.text.decode()}\n— {ORIGIN} {tail}\n"


def write(session: Session, *, vault: Vault, clock: Clock) -> SignedCheckpoint | None:
    """Seal what is unsealed, sign the head and store it; None where the newest checkpoint covers it."""
    seal_all(session)
    session.flush()
    head = session.scalars(select(AuditLink).order_by(AuditLink.seq.desc()).limit(1)).first()
    if head is None or session.get(AuditCheckpoint, head.seq) is not None:
        return None
    checkpoint = Checkpoint(seq=head.seq, at=clock.now(), head=head.hash)
    signature = vault.sign(CLINIC, checkpoint.text)
    signed = SignedCheckpoint(checkpoint, signature.public_key, signature.value)
    session.add(
        AuditCheckpoint(
            seq=checkpoint.seq,
            at=checkpoint.at,
            head=checkpoint.head,
            public_key=signed.public_key,
            signature=signed.signature,
        )
    )
    return signed


def stored(session: Session) -> list[SignedCheckpoint]:
    """Return the checkpoints in the database, oldest first."""
    rows = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.seq))
    return [_signed(row) for row in rows]


def newest(session: Session) -> SignedCheckpoint | None:
    """Return the newest checkpoint in the database."""
    row = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.seq.desc()).limit(1)).first()
    return None if row is None else _signed(row)


def read_note(note: str, public_keys: frozenset[bytes]) -> SignedCheckpoint:
    """Return the checkpoint in a note kept elsewhere; raises ValueError unless a key of ours signed it."""
    try:
        text, _, tail = note.partition("\n\n")
        origin, size, head, at = text.split("\n")
        name, signature = tail.removeprefix("— ").split()
        checkpoint = Checkpoint(int(size), datetime.fromisoformat(at), base64.b64decode(head, validate=True))
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("this is not a checkpoint") from None
    for public_key in public_keys:
        signed = SignedCheckpoint(checkpoint, public_key, raw[4:])
        if origin == name == ORIGIN and raw[:4] == _note_key_id(public_key) and signed.genuine:
            return signed
    raise ValueError("this checkpoint was not signed by this clinic")


def _signed(row: AuditCheckpoint) -> SignedCheckpoint:
    return SignedCheckpoint(Checkpoint(row.seq, row.at, row.head), row.public_key, row.signature)


def _note_key_id(public_key: bytes) -> bytes:
    """Return the note format's key id: the first 4 bytes of SHA-256(name, newline, type, key)."""
    return hashlib.sha256(ORIGIN.encode() + b"\n" + _ED25519 + public_key).digest()[:4]
