"""Blind indexes, MACs and fingerprints."""

from __future__ import annotations

from clinic.crypto import signing
from clinic.crypto.blind_index import INDEX_BYTES, blind_index
from clinic.crypto.mac import hmac_sha256, matches

KEY = bytes(range(32))


def test_index_is_equal_for_equal_values_only() -> None:
    index = blind_index(KEY, field="email", value="a@demo.invalid")
    assert len(index) == INDEX_BYTES
    assert index == blind_index(KEY, field="email", value="a@demo.invalid")
    assert index != blind_index(KEY, field="email", value="b@demo.invalid")


def test_index_of_one_field_says_nothing_about_another() -> None:
    assert blind_index(KEY, field="email", value="x") != blind_index(KEY, field="phone", value="x")


def test_index_depends_on_the_key() -> None:
    assert blind_index(KEY, field="email", value="x") != blind_index(bytes(32), field="email", value="x")


def test_mac_matches_itself_only() -> None:
    mac = hmac_sha256(KEY, [b"a", b"b"])
    assert matches(mac, hmac_sha256(KEY, [b"a", b"b"]))
    assert not matches(mac, hmac_sha256(KEY, [b"ab"]))


def test_signature_check_refuses_keys_and_signatures_of_wrong_size() -> None:
    seed = bytes(range(signing.SEED_BYTES))
    public = signing.public_key(seed)
    assert not signing.verify(public, b"m", b"short")
    assert not signing.verify(b"short", b"m", signing.sign(seed, b"m"))


def test_fingerprint_reads_in_fours() -> None:
    assert signing.fingerprint(bytes(32)) == "6668 7aad f862 bd77"
