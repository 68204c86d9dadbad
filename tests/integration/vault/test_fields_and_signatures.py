"""Directory data and signatures."""

from __future__ import annotations

from uuid import UUID

import pytest

from clinic.vault import CLINIC, Unreadable, Vault
from clinic.vault.keyring import Keyring
from tests.fakes.clock import FakeClock

LEILA, OMAR = UUID(int=1), UUID(int=2)


def test_a_field_opens_for_its_owner_and_its_name_only(vault: Vault) -> None:
    blob = vault.fields.seal(LEILA, "name", "ليلى بن سعيد")
    assert vault.fields.open(LEILA, "name", blob) == "ليلى بن سعيد"
    for owner, field in ((OMAR, "name"), (LEILA, "preferred_name")):
        with pytest.raises(Unreadable):
            vault.fields.open(owner, field, blob)
    with pytest.raises(Unreadable):
        vault.fields.open(LEILA, "name", b"ECN1 but not really")


def test_names_are_as_long_as_each_other(vault: Vault) -> None:
    assert len({len(vault.fields.seal(LEILA, "name", name)) for name in ("", "Ana", "ليلى بن سعيد")}) == 1


def test_an_index_finds_equal_values_of_one_field(vault: Vault, keyring: Keyring, clock: FakeClock) -> None:
    index = vault.fields.index("email", "leila@demo.invalid")
    assert Vault(keyring, clock).fields.index("email", "leila@demo.invalid") == index
    assert vault.fields.index("phone", "leila@demo.invalid") != index


def test_a_signature_is_its_owners_and_its_messages(vault: Vault) -> None:
    signature = vault.sign(LEILA, b"note 1")
    assert vault.sign(LEILA, b"note 2").key_id == signature.key_id
    assert vault.public_key(LEILA, signature.key_id) == signature.public_key
    assert len(signature.fingerprint) == 19
    key_id, value = signature.key_id, signature.value
    assert vault.verify(LEILA, b"note 1", key_id=key_id, value=value)
    assert not vault.verify(LEILA, b"note 2", key_id=key_id, value=value)
    assert not vault.verify(OMAR, b"note 1", key_id=key_id, value=value)
    assert not vault.verify(LEILA, b"note 1", key_id=vault.sign(OMAR, b"").key_id, value=value)


def test_a_signing_key_seals_nothing_and_a_content_key_signs_nothing(vault: Vault, keyring: Keyring) -> None:
    content = keyring.active("general", LEILA)
    assert not vault.verify(LEILA, b"", key_id=content.id, value=bytes(64))


def test_the_clinic_signs_with_a_key_of_its_own(vault: Vault) -> None:
    assert vault.clinic_public_keys() == {vault.sign(CLINIC, b"checkpoint").public_key}


def test_clinic_secrets_stay_the_same_and_differ_by_purpose(vault: Vault) -> None:
    assert vault.clinic_secret("audit_entry") == vault.clinic_secret("audit_entry")
    assert vault.clinic_secret("audit_entry") != vault.clinic_secret("audit_pseudonym")
