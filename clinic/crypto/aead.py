"""AES-256-GCM (NIST SP 800-38D) with 96-bit nonces and full tags; the only place that calls it.

The caller owns the nonce rule: `envelope` derives a fresh key for every blob, `wrap` uses random nonces
for keys that seal a few thousand times, far below the 2^32 limit of SP 800-38D section 8.3.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic.crypto.errors import Unopenable

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Return ciphertext and tag; raises ValueError for a key or nonce of another size."""
    _check_sizes(key, nonce)
    return AESGCM(key).encrypt(nonce, plaintext, associated)


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes, associated: bytes) -> bytes:
    """Return the plaintext; raises Unopenable unless every bit is as `encrypt` left it."""
    _check_sizes(key, nonce)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, associated)
    except InvalidTag:
        raise Unopenable from None


def _check_sizes(key: bytes, nonce: bytes) -> None:
    """Refuse AES-128/192 keys and nonces that GCM would hash: both are legal and neither is ours."""
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError("AES-256-GCM takes a key of 32 bytes and a nonce of 12")
