"""ECN1, the format of every sealed value: versioned, bound to its place, committed to its key.

    "ECN1" | suite u8 | key id 16 | salt 32 | commitment 32 | nonce 12 | ciphertext | tag 16

Why it is safe. HKDF-SHA512 over a random salt gives every blob its own key, so a nonce cannot repeat
under one key. The same call gives a commitment to that key, checked first and in constant time, so that
no blob opens under two keys (GCM alone does not promise that). The associated data name the label, the
caller's context and the header, each behind its length, so that a blob moved to another row, patient,
version or compartment does not open. The construction follows the AWS Encryption SDK's suite 0x0478.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from clinic.crypto import aead, kdf, padding
from clinic.crypto.encoding import length_prefixed
from clinic.crypto.errors import Unopenable

MAGIC = b"ECN1"
AES_256_GCM_HKDF_SHA512 = 1
FLOOR = 256
_HEADER = len(MAGIC) + 1 + 16
_SALT = 32
_COMMITMENT = 32
OVERHEAD = _HEADER + _SALT + _COMMITMENT + aead.NONCE_BYTES + aead.TAG_BYTES


@dataclass(frozen=True, slots=True)
class DataKey:
    """A 256-bit key and the id under which the vault finds it again."""

    id: UUID
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Parts:
    """An ECN1 blob cut at its fixed offsets."""

    header: bytes
    salt: bytes
    commitment: bytes
    nonce: bytes
    sealed: bytes


def seal(
    key: DataKey, *, label: bytes, context: Sequence[bytes], plaintext: bytes, floor: int = FLOOR
) -> bytes:
    """Return `plaintext` as an ECN1 blob that opens with the same label and context only."""
    header = MAGIC + bytes([AES_256_GCM_HKDF_SHA512]) + key.id.bytes
    salt = secrets.token_bytes(_SALT)
    nonce = secrets.token_bytes(aead.NONCE_BYTES)
    blob_key, commitment = _derive(key, salt, label)
    padded = padding.pad(plaintext, floor=floor)
    sealed = aead.encrypt(blob_key, nonce, padded, _associated(label, context, header))
    return header + salt + commitment + nonce + sealed


def unseal(key: DataKey, *, label: bytes, context: Sequence[bytes], blob: bytes) -> bytes:
    """Return the plaintext of `blob`; raises Unopenable for any other key, place or byte."""
    parts = _split(blob)
    if parts.header[len(MAGIC) + 1 :] != key.id.bytes:
        raise Unopenable
    blob_key, commitment = _derive(key, parts.salt, label)
    if not hmac.compare_digest(commitment, parts.commitment):
        raise Unopenable
    padded = aead.decrypt(blob_key, parts.nonce, parts.sealed, _associated(label, context, parts.header))
    return padding.unpad(padded)


def key_id(blob: bytes) -> UUID:
    """Return the id of the key that `blob` says it was sealed with; raises Unopenable if it is no ECN1."""
    _refuse_other_formats(blob)
    return UUID(bytes=blob[len(MAGIC) + 1 : _HEADER])


def _split(blob: bytes) -> _Parts:
    """Cut `blob` into its parts; raises Unopenable if it is no ECN1."""
    _refuse_other_formats(blob)
    salt_end = _HEADER + _SALT
    commitment_end = salt_end + _COMMITMENT
    nonce_end = commitment_end + aead.NONCE_BYTES
    return _Parts(
        header=blob[:_HEADER],
        salt=blob[_HEADER:salt_end],
        commitment=blob[salt_end:commitment_end],
        nonce=blob[commitment_end:nonce_end],
        sealed=blob[nonce_end:],
    )


def _refuse_other_formats(blob: bytes) -> None:
    """Raise Unopenable for another format, another suite, or too few bytes to be any."""
    if len(blob) < OVERHEAD or blob[: len(MAGIC)] != MAGIC or blob[len(MAGIC)] != AES_256_GCM_HKDF_SHA512:
        raise Unopenable


def _derive(key: DataKey, salt: bytes, label: bytes) -> tuple[bytes, bytes]:
    """Return the blob's own key and the commitment to it."""
    info = b"ecn1|" + label + b"|key+commit"
    derived = kdf.hkdf_sha512(key.secret, salt=salt, info=info, length=aead.KEY_BYTES + _COMMITMENT)
    return derived[: aead.KEY_BYTES], derived[aead.KEY_BYTES :]


def _associated(label: bytes, context: Sequence[bytes], header: bytes) -> bytes:
    """Return the associated data: what the blob is, where it belongs, and its own header."""
    return length_prefixed([b"ecn1-" + label, *context, header])
