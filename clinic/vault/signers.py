"""Signing keys of practitioners and of the clinic: Ed25519 seeds kept like every other key.

A signature says "the signed-in session of this practitioner, through this clinic", not more: the clinic
holds the seed (docs/threat-model.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic.crypto import signing
from clinic.vault.errors import Unreadable
from clinic.vault.keyring import CLINIC, Keyring

_PURPOSE = "signing"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, and the id and public half of the key that made it."""

    key_id: UUID
    public_key: bytes
    value: bytes

    @property
    def fingerprint(self) -> str:
        """Return the key's name for people."""
        return signing.fingerprint(self.public_key)


class Signers:
    """Signs for an owner with the owner's own key; keys are made at the first signature."""

    def __init__(self, keyring: Keyring) -> None:
        """Use the seeds in `keyring`."""
        self._keyring = keyring

    def sign(self, owner_id: UUID, message: bytes) -> Signature:
        """Return the owner's signature of `message`, which starts with what kind of statement it is."""
        key = self._keyring.active(_PURPOSE, owner_id)
        return Signature(key.id, signing.public_key(key.secret), signing.sign(key.secret, message))

    def verify(self, owner_id: UUID, message: bytes, *, key_id: UUID, value: bytes) -> bool:
        """Tell whether `value` is the owner's signature of `message`, made with the owner's key `key_id`."""
        try:
            public = self.public_key(owner_id, key_id)
        except Unreadable:
            return False
        return signing.verify(public, message, value)

    def public_key(self, owner_id: UUID, key_id: UUID) -> bytes:
        """Return the public half of a key; raises Unreadable unless it is this owner's."""
        return signing.public_key(self._keyring.find(key_id, purpose=_PURPOSE, owner_id=owner_id).secret)

    def clinic_public_keys(self) -> frozenset[bytes]:
        """Return the public halves of the clinic's own keys, earlier ones included."""
        self._keyring.active(_PURPOSE, CLINIC)
        keys = self._keyring.all_of(_PURPOSE, CLINIC)
        return frozenset(signing.public_key(key.secret) for key in keys)
