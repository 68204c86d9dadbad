"""Keys from keys (HKDF-SHA512, RFC 5869) and keys from passphrases (Argon2id, RFC 9106)."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf_sha512(key: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """Return `length` bytes derived from `key`; an empty salt means 64 zero bytes, as the RFC says."""
    return HKDF(algorithm=SHA512(), length=length, salt=salt or None, info=info).derive(key)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at a passphrase costs: memory in KiB, passes over it, parallel lanes."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4


def argon2id(passphrase: bytes, *, salt: bytes, cost: Cost, length: int = 32) -> bytes:
    """Return `length` bytes that only somebody with `passphrase` can derive; slow on purpose."""
    return Argon2id(
        salt=salt, length=length, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(passphrase)
