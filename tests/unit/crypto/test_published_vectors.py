"""Vectors that nobody here wrote, through our own wrappers."""

from __future__ import annotations

from typing import Any

import pytest

from clinic.crypto import aead, kdf, signing
from clinic.crypto.errors import Unopenable
from tests.unit.crypto.vectors import load, unhex

Vector = dict[str, Any]


def _name(vector: Vector) -> str:
    return str(vector["id"])


@pytest.mark.parametrize("vector", load("aes_256_gcm.json"), ids=_name)
def test_aes_256_gcm_agrees_with_nist(vector: Vector) -> None:
    key, nonce, associated, sealed = unhex(vector, "key", "nonce", "associated", "ciphertext")
    if not vector["valid"]:
        with pytest.raises(Unopenable):
            aead.decrypt(key, nonce, sealed, associated)
        return
    (plaintext,) = unhex(vector, "plaintext")
    assert aead.encrypt(key, nonce, plaintext, associated) == sealed
    assert aead.decrypt(key, nonce, sealed, associated) == plaintext


@pytest.mark.parametrize("vector", load("hkdf_sha512.json"), ids=_name)
def test_hkdf_sha512_agrees_with_wycheproof(vector: Vector) -> None:
    key, salt, info, output = unhex(vector, "key", "salt", "info", "output")
    assert kdf.hkdf_sha512(key, salt=salt, info=info, length=vector["length"]) == output


@pytest.mark.parametrize("vector", load("argon2id.json"), ids=_name)
def test_argon2id_agrees_with_the_reference_implementation(vector: Vector) -> None:
    passphrase, salt, output = unhex(vector, "passphrase", "salt", "output")
    cost = kdf.Cost(memory_kib=vector["memory_kib"], passes=vector["passes"], lanes=vector["lanes"])
    assert kdf.argon2id(passphrase, salt=salt, cost=cost, length=vector["length"]) == output


@pytest.mark.parametrize("vector", load("ed25519.json"), ids=_name)
def test_ed25519_agrees_with_rfc_8032(vector: Vector) -> None:
    seed, public, message, signature = unhex(vector, "seed", "public", "message", "signature")
    assert signing.public_key(seed) == public
    assert signing.sign(seed, message) == signature
    assert signing.verify(public, message, signature)
    assert not signing.verify(public, message + b"!", signature)
