"""The gate to content: seals freely, opens only against a clearance that holds at this moment."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.clearance import Action, Clearance
from clinic.clock import Clock
from clinic.crypto import envelope
from clinic.crypto.errors import Unopenable
from clinic.vault import epochs
from clinic.vault.binding import Binding
from clinic.vault.errors import ClearanceRefused, Refusal, Unreadable
from clinic.vault.fields import Fields
from clinic.vault.keyring import CLINIC, Keyring
from clinic.vault.signers import Signature, Signers

_LABEL = b"content"
# Sealed in front of the text, so that the digest which gets signed neither shows that two texts are
# equal nor can be guessed, and survives a later re-encryption (docs/decisions/0001-key-hierarchy.md).
_SALT = 16
# Signing includes seeing what is signed; a clearance to write never opens what somebody wrote.
_OPENS = frozenset({Action.READ, Action.SIGN, Action.EXPORT})


class Vault:
    """What the application may do with keys; safe to share between threads."""

    def __init__(self, keyring: Keyring, clock: Clock) -> None:
        """Use the keys in `keyring` and the time of `clock`."""
        self._keyring = keyring
        self._clock = clock
        self._signers = Signers(keyring)
        self.fields = Fields(keyring)

    def seal(self, _session: Session, *, binding: Binding, plaintext: bytes) -> bytes:
        """Return `plaintext` sealed where `binding` says; its key is durable before this returns.

        Sealing belongs to an act, hence the session; nothing is written to it here.
        """
        key = self._keyring.active(binding.compartment.value, binding.patient_id)
        salted = secrets.token_bytes(_SALT) + plaintext
        return envelope.seal(key, label=_LABEL, context=binding.context, plaintext=salted)

    def open(self, session: Session, clearance: Clearance, *, binding: Binding, blob: bytes) -> bytes:
        """Return the plaintext; raises ClearanceRefused, or Unreadable if `blob` was not sealed there."""
        return self._open_salted(session, clearance, binding, blob)[_SALT:]

    def digest(self, session: Session, clearance: Clearance, *, binding: Binding, blob: bytes) -> bytes:
        """Return the SHA-256 of salt and plaintext, for a signature that says nothing about the text."""
        return hashlib.sha256(self._open_salted(session, clearance, binding, blob)).digest()

    def sign(self, owner_id: UUID, message: bytes) -> Signature:
        """Return the signature of a practitioner, or of `CLINIC`, over `message`."""
        return self._signers.sign(owner_id, message)

    def verify(self, owner_id: UUID, message: bytes, *, key_id: UUID, value: bytes) -> bool:
        """Tell whether `value` is the owner's signature of `message` with the owner's key `key_id`."""
        return self._signers.verify(owner_id, message, key_id=key_id, value=value)

    def public_key(self, owner_id: UUID, key_id: UUID) -> bytes:
        """Return the public half of an owner's signing key; raises Unreadable for anybody else's."""
        return self._signers.public_key(owner_id, key_id)

    def clinic_public_keys(self) -> frozenset[bytes]:
        """Return the public keys that the clinic itself has signed with."""
        return self._signers.clinic_public_keys()

    def epoch(self, session: Session, patient_id: UUID) -> int:
        """Return the patient's consent epoch as the database has it now."""
        return epochs.epoch(session, patient_id)

    def bump_epoch(self, session: Session, patient_id: UUID) -> int:
        """Void the patient's clearances when the transaction commits; return the new epoch."""
        return epochs.bump_epoch(session, patient_id)

    def close(self) -> None:
        """Close the key store's connections and forget every key."""
        self._keyring.forget()
        self._keyring.store.dispose()

    def clinic_secret(self, purpose: str) -> bytes:
        """Return the clinic's 32-byte key for `purpose`, the same for ever; for MACs, never for sealing."""
        return self._keyring.active(purpose, CLINIC).secret

    def _open_salted(self, session: Session, clearance: Clearance, binding: Binding, blob: bytes) -> bytes:
        self._check(session, clearance, binding)
        try:
            key = self._keyring.find(
                envelope.key_id(blob), purpose=binding.compartment.value, owner_id=binding.patient_id
            )
            return envelope.unseal(key, label=_LABEL, context=binding.context, blob=blob)
        except Unopenable:
            raise Unreadable from None

    def _check(self, session: Session, clearance: Clearance, binding: Binding) -> None:
        """Raise ClearanceRefused unless `clearance` covers `binding` at this moment."""
        if self._clock.now() >= clearance.not_after:
            raise ClearanceRefused(Refusal.EXPIRED)
        if clearance.patient_id != binding.patient_id:
            raise ClearanceRefused(Refusal.OTHER_PATIENT)
        if binding.compartment not in clearance.compartments:
            raise ClearanceRefused(Refusal.UNCOVERED)
        if clearance.action not in _OPENS:
            raise ClearanceRefused(Refusal.WRONG_ACTION)
        if clearance.author_id not in (None, binding.author_id):
            raise ClearanceRefused(Refusal.OTHER_AUTHOR)
        if clearance.epoch != self.epoch(session, binding.patient_id):
            raise ClearanceRefused(Refusal.STALE)
