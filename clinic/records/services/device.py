"""The key under which an author's browser seals drafts that have not reached the clinic yet.

It is derived, never stored: the browser holds it in memory after sign-in, and on disk only ciphertext.
Whoever finds the device later finds nothing without signing in as the same account.
"""

from __future__ import annotations

import base64

from clinic.crypto.mac import hmac_sha256
from clinic.ids import AccountId
from clinic.vault import Vault

_PURPOSE = "device_drafts"


def draft_key(vault: Vault, account_id: AccountId) -> str:
    """Return the account's AES-256 key as base64url without padding; the same in every session."""
    key = hmac_sha256(vault.clinic_secret(_PURPOSE), [b"draft-key/1", account_id.bytes])
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
