"""What a signature on a note says, as bytes: who signed which version, when, after which signature."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from clinic.crypto.encoding import length_prefixed
from clinic.ids import NoteId, PatientId, PractitionerId

_STATEMENT = b"ecn-sig-v1"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed; `digest` is the vault's salted SHA-256 of the text, which tells nothing about it.

    `previous` is the value of the signature before on the same note: none can be taken out unnoticed.
    """

    patient_id: PatientId
    note_id: NoteId
    version: int
    signer_id: PractitionerId
    digest: bytes
    signed_at: datetime
    previous: bytes | None

    def message(self) -> bytes:
        """Return the bytes that Ed25519 signs; the format never changes under this name."""
        previous = b"" if self.previous is None else hashlib.sha256(self.previous).digest()
        return length_prefixed(
            [
                _STATEMENT,
                self.patient_id.bytes,
                self.note_id.bytes,
                self.version.to_bytes(4, "big"),
                self.signer_id.bytes,
                self.digest,
                self.signed_at.isoformat(timespec="microseconds").encode(),
                previous,
            ]
        )
