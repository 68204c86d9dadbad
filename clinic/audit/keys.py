"""The keys that entries are made with; they travel on the session, since every act writes entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.crypto.mac import hmac_sha256
from clinic.vault import Vault

SESSION_KEY = "audit_keys"
_ENTRY = "audit_entry"
_PSEUDONYM = "audit_pseudonym"


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """What authenticates entries and what hides whose they are; two keys, so that one may be destroyed."""

    entry: bytes = field(repr=False)
    pseudonym: bytes = field(repr=False)

    @classmethod
    def of(cls, vault: Vault) -> AuditKeys:
        """Return the clinic's keys, made at first use."""
        return cls(entry=vault.clinic_secret(_ENTRY), pseudonym=vault.clinic_secret(_PSEUDONYM))

    def pseudonym_of(self, patient_id: UUID) -> bytes:
        """Return the name under which a patient appears in the trail; without the key it says nothing."""
        return hmac_sha256(self.pseudonym, [b"audit-patient", patient_id.bytes])


def keys_of(session: Session) -> AuditKeys:
    """Return the keys on `session`; raises RuntimeError without them, so that no act goes untraced."""
    keys = session.info.get(SESSION_KEY)
    if not isinstance(keys, AuditKeys):
        raise RuntimeError(f"the database was opened without {SESSION_KEY}: nothing can be audited")
    return keys
